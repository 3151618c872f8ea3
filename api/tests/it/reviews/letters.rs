//! Letters of decision: by mail when the results are published, and to print.

use actix_web::rt;
use serde_json::json;
use shared::accounts::Grant;
use shared::partnerships::PartyRole;

use super::Desk;
use crate::support::applications::{insert_file, ok, version};
use crate::support::assert_problem;

/// Rounds of a race.
const ROUNDS: usize = 8;

#[actix_web::test]
async fn once_results_are_public_each_reads_the_decision_in_their_language() {
    let desk = Desk::under_review(Some(1_000), &[600, 300, 200], false).await;
    let grenoble = Grant::CityStaff { city_id: desk.grenoble };
    let lead = desk.server.sign_in_as(grenoble).await;
    let second = desk.server.sign_in_as(grenoble).await;
    let partner = desk.server.sign_in_as(Grant::CityStaff { city_id: desk.sevan }).await;
    for (reader, language) in [(&lead, "fr"), (&second, "uk"), (&partner, "en")] {
        ok(reader.patch("/api/v1/me", 1, &json!({"language": language})).await, 200).await;
    }
    for (number, outcome) in [(0, "accepted"), (1, "rejected"), (2, "waitlisted")] {
        desk.decided(number, outcome).await;
    }
    let letter = format!("{}/decision-letter", desk.file(0));
    // Before the results are public there is none, for nobody, and no mail.
    for who in [&lead, &desk.funder.officer] {
        assert_problem(who.get(&letter).await, 404, "not_found").await;
    }
    let judged = ok(desk.funder.officer.get(&desk.file(0)).await, 200).await;
    assert_eq!(judged["decision"]["has_letter"], false);
    assert!(desk.server.mailed().await.is_empty());

    desk.funder.publish(&desk.call).await;
    let told = ok(lead.get(&desk.file(0)).await, 200).await;
    assert_eq!(told["decision"]["has_letter"], true);
    let read = ok(lead.get(&format!("{letter}?language=uk")).await, 200).await;
    let text = read["text"].as_str().unwrap();
    for part in [
        "Dossier 000",
        "прийнято",
        "600\u{a0}EUR",
        "Sevan",
        "Avis du comité.",
        "Конкурс 2025",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("http"), "{text}");
    let read = async |number: usize| {
        let path = format!("{}/decision-letter?language=en", desk.file(number));
        let letter = ok(partner.get(&path).await, 200).await;
        letter["text"].as_str().unwrap().to_owned()
    };
    let refused = read(1).await;
    assert!(
        refused.contains("was not accepted") && !refused.contains("contract"),
        "{refused}"
    );
    assert!(
        read(2).await.contains("is on the waiting list:"),
        "without a place: nobody has judged it"
    );
    let unknown = lead.get(&format!("{letter}?language=de")).await;
    assert_eq!(unknown.status(), 400);

    // One mail a person and decision, in the reader's language, with the way to the file.
    let mails = desk.server.mailed().await;
    assert_eq!(mails.len(), 9);
    for (reader, word) in [(&lead, "accepté"), (&second, "прийнято"), (&partner, "accepted")] {
        let me = ok(reader.get("/api/v1/me").await, 200).await;
        let own: Vec<String> = mails
            .iter()
            .filter(|mail| mail.to == [me["email"].as_str().unwrap()])
            .map(|mail| mail.words())
            .collect();
        assert_eq!(own.len(), 3);
        let of_first = own.iter().find(|words| words.contains("Dossier 000")).unwrap();
        let link = format!("https://passerelle.example/applications/{}", desk.files[0]);
        assert!(of_first.contains(word) && of_first.contains(&link), "{of_first}");
        assert!(of_first.contains(me["name"].as_str().unwrap()));
    }
    // What is decided from now on is told at once; a decision that is taken back has no letter until it is made again.
    let file = ok(desk.funder.admin.get(&desk.file(1)).await, 200).await;
    let why = json!({"reason": "Une pièce manquait."});
    ok(
        desk.funder
            .admin
            .act(&format!("{}/reopen", desk.file(1)), version(&file), &why)
            .await,
        200,
    )
    .await;
    let path = format!("{}/decision-letter", desk.file(1));
    assert_problem(lead.get(&path).await, 404, "not_found").await;
    desk.server.mailed().await;
    desk.decided(1, "accepted").await;
    let again = desk.server.mailed().await;
    assert_eq!(again.len(), 3);
    assert!(again.iter().all(|mail| mail.words().contains("Dossier 001")));
    desk.server.stop().await;
}

#[actix_web::test]
async fn of_a_decision_at_the_moment_of_publication_one_letter_goes_out() {
    let desk = Desk::under_review(None, &[], false).await;
    let beside = desk.server.start_beside().await;
    desk.server
        .sign_in_as(Grant::CityStaff { city_id: desk.grenoble })
        .await;
    let officer = desk.funder.officer.at(&beside);
    let parties = [(desk.grenoble, PartyRole::Lead)];
    for round in 0..ROUNDS {
        desk.server
            .execute("UPDATE calls SET state = 'under_review' WHERE state = 'results_published'")
            .await;
        let told = ("Dossier", &parties[..], 100);
        let file = insert_file(&desk.server, desk.funder.programme, &desk.call, told).await;
        let call = ok(desk.funder.officer.get(&desk.call).await, 200).await;
        let reject = json!({"outcome": "rejected", "reason": "Non."});
        let decision = rt::spawn({
            let (officer, path) = (officer.clone(), format!("/api/v1/applications/{file}/decide"));
            async move { officer.act(&path, 1, &reject).await.status().as_u16() }
        });
        let publication = rt::spawn({
            let (officer, path) = (desk.funder.officer.clone(), format!("{}/advance", desk.call));
            let to = json!({"to": "results_published"});
            async move { officer.act(&path, version(&call), &to).await.status().as_u16() }
        });
        assert_eq!((decision.await.unwrap(), publication.await.unwrap()), (200, 200));
        let link = format!("/applications/{file}");
        let mails = desk.server.mailed().await;
        let about = mails.iter().filter(|mail| mail.words().contains(&link)).count();
        assert_eq!(about, 1, "round {round}");
    }
    beside.stop().await;
    desk.server.stop().await;
}
