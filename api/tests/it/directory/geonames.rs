//! GeoNames' dump.

use super::{city_by_code, codes, counts, import, names};
use crate::support::Server;

const COMMUNES: &str =
    "insee,nom,departement,region,siren,population,code_postal\n38185,Grenoble,38,84,213801855,156389,38000\n";

fn place(
    id: &str,
    name: &str,
    others: &str,
    feature: &str,
    country: &str,
    admin: [&str; 4],
    population: &str,
) -> String {
    let [admin1, admin2, admin3, admin4] = admin;
    format!(
        "{id}\t{name}\t{name}\t{others}\t45.17869\t5.71479\tP\t{feature}\t{country}\t\t{admin1}\t{admin2}\t{admin3}\t{admin4}\t{population}\t\t212\tEurope/Paris\t2025-01-01\n"
    )
}

#[actix_web::test]
async fn places_and_names_are_taken_once_and_a_bad_row_stops_nothing() {
    let server = Server::start().await;
    let db = &server.platform.db;
    import(&server).insee(COMMUNES.as_bytes()).await.unwrap();

    let places = [
        place(
            "704147",
            "Kremenchuk",
            "KHU,Krementchouk,Кременчук",
            "PPLA2",
            "UA",
            ["18", "", "", ""],
            "224997",
        ),
        "704147\tbroken\n".to_owned(),
        place(
            "3014728",
            "Grenoble",
            "",
            "PPLA2",
            "FR",
            ["84", "38", "381", "38185"],
            "158552",
        ),
        place("99", "Île Verte", "", "PPL", "FR", ["84", "38", "381", "38185"], "900"),
        place(
            "100",
            "Grenoble-Centre",
            "",
            "PPLX",
            "FR",
            ["84", "38", "381", "38185"],
            "900",
        ),
    ]
    .concat();
    let report = import(&server).geonames(places.as_bytes()).await.unwrap();
    assert_eq!(counts(&report), [1, 1, 0, 3], "{report}");
    let refused: Vec<u64> = report.refusals.iter().map(|refused| refused.line).collect();
    assert_eq!(refused, [2, 5, 4], "{report}");
    let again = import(&server).geonames(places.as_bytes()).await.unwrap();
    assert_eq!(counts(&again), [0, 0, 2, 3], "{again}");

    let grenoble = city_by_code(db, "geonames", "3014728").await;
    assert_eq!(
        codes(db, grenoble.id).await,
        ["fr:insee 38185", "fr:siren 213801855", "geonames 3014728"]
    );
    // The register's population holds, and the place that only GeoNames has is filled in.
    assert_eq!((grenoble.population, grenoble.lat), (Some(156_389), Some(45.178_69)));

    let alternates = "1\t704147\tfr\tKrementchouk\t1\t\t\t\t\t\n\
                      2\t704147\twkdt\tQ159219\t\t\t\t\t\t\n\
                      3\t1\tfr\tAilleurs\t\t\t\t\t\t\n\
                      4\t704147\tuk\tКременчук\t\t\t\t\t\t\n\
                      5\tx\tuk\tКременчук\t\t\t\t\t\t\n";
    let report = import(&server).geonames_names(alternates.as_bytes()).await.unwrap();
    assert_eq!((counts(&report), report.passed), ([0, 3, 0, 1], 1), "{report}");
    let again = import(&server).geonames_names(alternates.as_bytes()).await.unwrap();
    assert_eq!(counts(&again), [0, 0, 3, 1], "{again}");

    let kremenchuk = city_by_code(db, "wikidata", "Q159219").await;
    assert_eq!(
        names(db, kremenchuk.id).await,
        [
            ("Krementchouk".to_owned(), Some("fr".to_owned())),
            ("Кременчук".to_owned(), Some("uk".to_owned()))
        ]
    );
    assert_eq!(
        kremenchuk.labels,
        serde_json::json!({ "fr": "Krementchouk", "uk": "Кременчук" })
    );
    server.stop().await;
}
