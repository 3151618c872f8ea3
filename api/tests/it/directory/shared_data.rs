//! The importers on real lists that are not part of the project: skipped where the folder beside it is absent.

use std::fs::File;
use std::path::{Path, PathBuf};

use api::db::entity::partnership;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::{counts, import};
use crate::support::Server;

fn shared_file(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data")
        .join(name);
    path.is_file().then_some(path)
}

#[actix_web::test]
async fn real_twinnings_are_imported_only_once() {
    let (Some(cities), Some(links)) = (shared_file("twin_cities.csv"), shared_file("twin_links.csv")) else {
        eprintln!("skipped: ../shared/data is not there");
        return;
    };
    let server = Server::start().await;
    import(&server).bundled().await.unwrap();

    let first = import(&server).twin_cities(File::open(&cities).unwrap()).await.unwrap();
    let pairs = import(&server).pairs(File::open(&links).unwrap()).await.unwrap();
    eprintln!(
        "{}, {:?}\n{}, {:?}",
        first.progress(),
        first.took,
        pairs.progress(),
        pairs.took
    );
    assert_eq!((first.read, first.refused), (17_168, 0), "{first}");
    assert_eq!(pairs.read, 19_861);
    assert!(pairs.refused < 100, "{pairs}");
    assert_eq!(
        partnership::Entity::find()
            .count(server.platform.db.read())
            .await
            .unwrap(),
        pairs.added
    );

    let again = import(&server).twin_cities(File::open(&cities).unwrap()).await.unwrap();
    assert_eq!(counts(&again), [0, 0, 17_168, 0], "{}", again.progress());
    let again = import(&server).pairs(File::open(&links).unwrap()).await.unwrap();
    assert_eq!((again.added, again.refused), (0, pairs.refused), "{}", again.progress());

    for (name, second) in [
        ("communes_fr.csv", [0, 0, 34_969, 0]),
        ("katottg_units_ua.csv", [0, 0, 2_396, 36]),
    ] {
        let Some(path) = shared_file(name) else { continue };
        let open = || File::open(&path).unwrap();
        let is_french = name.starts_with("communes");
        for round in 1..=2 {
            let report = if is_french {
                import(&server).insee(open()).await
            } else {
                import(&server).katottg(open()).await
            }
            .unwrap();
            eprintln!("{}, {:?}", report.progress(), report.took);
            if round == 2 {
                assert_eq!(counts(&report), second, "{}", report.progress());
            }
        }
    }
    server.stop().await;
}
