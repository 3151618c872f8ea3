use api::caller::Caller;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Cohort, path};
use crate::support::applications::{id, ok, version};
use crate::support::assert_problem;

async fn ask(cohort: &Cohort, round: &Value, how: &str) -> Value {
    let now = cohort.read(round).await;
    let asked = cohort
        .officer
        .act(&format!("{}/{how}", path(round)), version(&now), &())
        .await;
    ok(asked, 202).await
}

async fn job(cohort: &Cohort, job: &Value) -> Value {
    ok(cohort.officer.get(&format!("/api/v1/jobs/{}", id(job))).await, 200).await
}

#[actix_web::test]
async fn work_is_cancelled_before_it_begins_and_leaves_nothing() {
    let cohort = Cohort::start(2).await;
    let round = cohort.round().await;
    let asked = ask(&cohort, &round, "run").await;
    assert_eq!(asked["state"], "queued");
    // Nothing of the round changes meanwhile.
    let now = cohort.read(&round).await;
    assert!(!now["allowed"].as_array().unwrap().contains(&json!("update")));
    let patch = cohort
        .officer
        .patch(&path(&round), version(&now), &json!({"name": {"fr": "Autre"}}))
        .await;
    assert_problem(patch, 409, "in_progress").await;
    let twice = cohort
        .officer
        .act(&format!("{}/run", path(&round)), version(&now), &())
        .await;
    assert_problem(twice, 409, "in_progress").await;
    let cancel = format!("/api/v1/jobs/{}/cancel", id(&asked));
    let cancelled = ok(cohort.officer.act(&cancel, version(&asked), &()).await, 200).await;
    assert_eq!(cancelled["state"], "cancelled");
    assert!(!api::jobs::worker::work_one(&cohort.server.platform).await.unwrap());
    assert_eq!(cohort.pairs(&round).await, Vec::<Value>::new());
    assert_problem(cohort.officer.act(&cancel, 2, &()).await, 409, "state_conflict").await;
    // And it can be asked for again.
    assert_eq!(cohort.matched(&round, "run").await["pairs"], 2);
    cohort.server.stop().await;
}

#[actix_web::test]
async fn a_request_that_comes_twice_asks_once() {
    let cohort = Cohort::start(2).await;
    let round = cohort.round().await;
    let now = version(&cohort.read(&round).await);
    let mut ids = Vec::new();
    for replayed in [None, Some("true")] {
        let request = cohort
            .officer
            .request("POST", &format!("{}/run", path(&round)))
            .header("if-match", format!("\"{now}\""))
            .header("idempotency-key", "one");
        let response = request.send().await.unwrap();
        let header = response
            .headers()
            .get("idempotency-replayed")
            .map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header.as_deref(), replayed);
        ids.push(id(&ok(response, 202).await).to_owned());
    }
    assert_eq!(ids[0], ids[1]);
    cohort.server.stop().await;
}

#[actix_web::test]
async fn work_of_a_process_that_went_away_is_taken_up_by_the_next() {
    let cohort = Cohort::start(2).await;
    let platform = &cohort.server.platform;
    let mut tries = 0..50;
    let (round, asked, running) = loop {
        tries.next().expect("work that is dropped in the middle");
        let round = cohort.round().await;
        let asked = ask(&cohort, &round, "run").await;
        // A process takes it, and goes away in the middle of it: its work is dropped.
        {
            let work = api::jobs::worker::work_one(platform);
            tokio::pin!(work);
            loop {
                tokio::select! {
                    biased;
                    // Quicker than it was looked at: another is tried.
                    _ = &mut work => break,
                    state = job(&cohort, &asked) => if state["state"] == "running" { break },
                }
            }
        }
        // What was written already is committed, whoever went away: then it was done after all, and another is tried.
        let caller = Caller::system(platform.clock.now());
        platform.db.write(&caller, async |_| Ok(())).await.unwrap();
        let left = job(&cohort, &asked).await;
        if left["state"] == "running" {
            break (round, asked, left);
        }
    };
    assert_eq!(
        (&running["state"], &running["attempts"]),
        (&json!("running"), &json!(1))
    );
    // While it may still be alive, nobody else takes it.
    let beside = cohort.server.start_beside().await;
    assert!(!api::jobs::worker::work_one(&beside.platform).await.unwrap());
    platform.clock.set(platform.clock.now() + TimeDelta::seconds(16));
    assert!(api::jobs::worker::work_one(&beside.platform).await.unwrap());
    let done = job(&cohort, &asked).await;
    assert_eq!((&done["state"], &done["attempts"]), (&json!("done"), &json!(2)));
    assert_eq!(cohort.pairs(&round).await.len(), 2);
    beside.stop().await;
    cohort.server.stop().await;
}

#[actix_web::test]
async fn many_processes_carry_each_job_out_once() {
    let cohort = Cohort::start(2).await;
    let beside = cohort.server.start_beside().await;
    for _ in 0..20 {
        let round = cohort.round().await;
        let asked = ask(&cohort, &round, "run").await;
        let (here, there) = (&cohort.server.platform, &beside.platform);
        let took = tokio::join!(
            api::jobs::worker::work_one(here),
            api::jobs::worker::work_one(there),
            api::jobs::worker::work_one(here),
            api::jobs::worker::work_one(there),
        );
        let took = [took.0.unwrap(), took.1.unwrap(), took.2.unwrap(), took.3.unwrap()];
        assert_eq!(took.into_iter().filter(|took| *took).count(), 1);
        let done = job(&cohort, &asked).await;
        assert_eq!((&done["state"], &done["attempts"]), (&json!("done"), &json!(1)));
        assert_eq!(cohort.pairs(&round).await.len(), 2);
        let journal = cohort.server.journal_of(id(&round).parse().unwrap()).await;
        assert_eq!(journal.iter().filter(|entry| entry.0 == "match").count(), 1);
    }
    beside.stop().await;
    cohort.server.stop().await;
}
