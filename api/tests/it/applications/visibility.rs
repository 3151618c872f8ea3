use serde_json::json;
use shared::accounts::{ClientScope, Grant};

use crate::support::applications::{Applicants, ok, version};
use crate::support::{Server, assert_problem};

#[actix_web::test]
async fn a_draft_does_not_exist_for_anybody_else() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let (_, stranger) = server.staffed_city("Lyon", "FR").await;
    let network = server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    let coordinator = server
        .sign_in_as(Grant::NetworkCoordinator { network_id: network })
        .await;
    let reviewer = server
        .sign_in_as(Grant::Reviewer {
            programme_id: funder.programme,
        })
        .await;
    for visitor in [&stranger, &coordinator, &reviewer, &funder.officer, &funder.admin] {
        for part in ["", "/budget", "/receipt"] {
            assert_problem(visitor.get(&format!("{}{part}", file.path)).await, 404, "not_found").await;
        }
        let patch = visitor.patch(&file.path, 2, &json!({"title": "Autre"})).await;
        assert_problem(patch, 404, "not_found").await;
        for action in ["submit", "withdraw", "start-review", "restore"] {
            let response = visitor.act(&file.at(action), 2, &json!({})).await;
            assert_problem(response, 404, "not_found").await;
        }
    }
    // Who is a stranger is asked who they are, whether the file exists or not.
    for path in [&file.path, "/api/v1/applications/nonsense", "/api/v1/applications"] {
        assert_problem(server.get(path).await, 401, "unauthenticated").await;
    }
    for visitor in [&stranger, &coordinator, &reviewer, &funder.officer, &funder.admin] {
        let page = ok(visitor.get("/api/v1/applications?count=true").await, 200).await;
        assert_eq!(page["total"], 0);
    }
    server.stop().await;
}

#[actix_web::test]
async fn what_is_handed_in_is_read_by_the_funder_and_judged_by_officers() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, view) = Applicants::handed_in(&server, &funder).await;
    let reviewer = server
        .sign_in_as(Grant::Reviewer {
            programme_id: funder.programme,
        })
        .await;
    let elsewhere = server.funder().await;
    let (_, stranger) = server.staffed_city("Lyon", "FR").await;
    for visitor in [&elsewhere.officer, &stranger] {
        assert_problem(visitor.get(&file.path).await, 404, "not_found").await;
    }
    let decision = json!({"outcome": "rejected", "reason": "Non."});
    for visitor in [&reviewer, &funder.admin] {
        assert_eq!(ok(visitor.get(&file.path).await, 200).await["allowed"], json!([]));
        let response = visitor.act(&file.at("decide"), version(&view), &decision).await;
        assert_problem(response, 403, "forbidden").await;
    }
    ok(file.act("withdraw", &view).await, 200).await;
    assert_problem(funder.officer.get(&file.path).await, 404, "not_found").await;
    server.stop().await;
}

#[actix_web::test]
async fn associated_cities_read_and_programs_need_the_scope_to_write() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let (goris, friend) = server.staffed_city("Goris", "AM").await;
    let parties = json!({"items": [
        {"city_id": file.grenoble, "role": "lead"},
        {"city_id": file.sevan, "role": "partner"},
        {"city_id": goris, "role": "associated"},
    ]});
    assert_problem(
        file.partner.put(&file.at("parties"), 2, &parties).await,
        403,
        "forbidden",
    )
    .await;
    ok(file.lead.put(&file.at("parties"), 2, &parties).await, 200).await;
    assert_eq!(ok(friend.get(&file.path).await, 200).await["allowed"], json!([]));
    assert_problem(
        friend.patch(&file.path, 3, &json!({"title": "X"})).await,
        403,
        "forbidden",
    )
    .await;
    assert_problem(
        friend.act(&file.at("sign-off"), 3, &json!({"city_id": goris})).await,
        403,
        "forbidden",
    )
    .await;
    let grant = Grant::CityStaff { city_id: file.grenoble };
    let reader = server.program(grant, &[ClientScope::Read]);
    ok(reader.get(&file.path).await, 200).await;
    assert_problem(
        reader.patch(&file.path, 3, &json!({"title": "X"})).await,
        403,
        "forbidden",
    )
    .await;
    let writer = server.program(grant, &[ClientScope::Read, ClientScope::Write]);
    ok(writer.patch(&file.path, 3, &json!({"title": "X"})).await, 200).await;

    for (parties, pointer) in [
        (json!({"items": []}), "/items"),
        (json!({"items": [{"city_id": file.sevan, "role": "lead"}]}), "/items"),
        (
            json!({"items": [{"city_id": file.grenoble, "role": "lead"}, {"city_id": file.grenoble, "role": "partner"}]}),
            "/items/1/city_id",
        ),
        (
            json!({"items": [{"city_id": file.grenoble, "role": "lead"}, {"city_id": funder.programme, "role": "partner"}]}),
            "/items/1/city_id",
        ),
    ] {
        let response = file.lead.put(&file.at("parties"), 4, &parties).await;
        let problem = assert_problem(response, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    server.stop().await;
}
