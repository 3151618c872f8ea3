use serde_json::json;
use shared::rounds::RoundCertificate;

use super::{Cohort, path};
use crate::support::applications::ok;
use crate::support::assert_problem;

#[actix_web::test]
async fn whoever_reads_the_certificate_can_check_every_pair_again() {
    let cohort = Cohort::start(12).await;
    // One pair that would be best is banned: it stands among those that are not possible, without a reason.
    let banned = json!({"city_id": cohort.french[0]});
    let staff = cohort.staff(cohort.ukrainian[0]).await;
    let bans = format!("/api/v1/cities/{}/bans", cohort.ukrainian[0]);
    ok(staff.post(&bans, &banned).await, 201).await;
    for mode in ["stable", "maximum"] {
        let mut draft = cohort.draft();
        draft["rules"]["mode"] = json!(mode);
        draft["rules"]["priorities"] = json!([{"region": "UA-74", "points": 20}]);
        draft["rules"]["caps"] = json!([{"country": "FR", "places": 9}]);
        let round = cohort.round_of(draft).await;
        let outcome = cohort.matched(&round, "run").await;
        assert_eq!(outcome["pairs"], 9, "{mode}");
        let text = cohort.officer.get(&format!("{}/certificate", path(&round))).await;
        let text = text.text().await.unwrap();
        let certificate: RoundCertificate = serde_json::from_str(&text).unwrap();
        let verdict = certificate.check();
        assert_eq!(verdict.faults, []);
        assert_eq!(json!(verdict), outcome["verdict"], "{mode}");
        assert_eq!(certificate.entrants.len(), 24);
        assert!(
            certificate
                .entrants
                .iter()
                .all(|entrant| entrant.priority == 0 || entrant.facts.country == "UA")
        );
        let mut pair = [cohort.ukrainian[0], cohort.french[0]];
        pair.sort_unstable();
        assert_eq!(certificate.excluded, [pair]);
        if mode == "stable" {
            assert_eq!(verdict.blocking, 0);
        }
        // The same data and the same seed give the same result.
        let mut again = certificate.clone();
        again.solve(&certificate.cohort(), &shared::rounds::Unwatched).unwrap();
        assert_eq!(again, certificate);
        assert_problem(
            staff.get(&format!("{}/certificate", path(&round))).await,
            403,
            "forbidden",
        )
        .await;
    }
    cohort.server.stop().await;
}
