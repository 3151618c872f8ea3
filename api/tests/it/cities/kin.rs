//! What cities lie in.

use serde_json::{Value, json as object};
use shared::accounts::Grant;
use shared::cities::CityKind;
use shared::ids::CityId;

use crate::support::{Server, assert_problem, json};

#[actix_web::test]
async fn a_city_tells_what_it_lies_in_and_what_lies_in_it() {
    let server = Server::start().await;
    let region = server
        .city("Auvergne-Rhône-Alpes", "FR")
        .kind(CityKind::Region)
        .add()
        .await;
    let department = server.city("Isère", "FR").kind(CityKind::Department).add().await;
    let town = server.add_city("Grenoble", "FR").await;
    let other = server.add_city("Échirolles", "FR").await;
    let abroad = server.add_city("Sevan", "AM").await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let path = |city: CityId| format!("/api/v1/cities/{city}");
    let into = async |city: CityId, version: i64, parent: Value| {
        admin
            .patch(&path(city), version, &object!({ "parent_id": parent }))
            .await
    };
    let kin = async |city: CityId| json(server.get(&format!("{}/kin", path(city))).await).await;
    assert_eq!(
        kin(town).await,
        object!({ "within": [], "children": [], "children_total": 0, "former": [] })
    );

    for (city, parent) in [(town, department), (other, department), (department, region)] {
        let changed = into(city, 1, object!(parent)).await;
        assert_eq!(changed.status(), 200);
        assert_eq!(json(changed).await["parent_id"], parent.to_string());
    }
    let of_town = kin(town).await;
    let names = |list: &Value| -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&of_town["within"]), ["Isère", "Auvergne-Rhône-Alpes"]);
    let of_department = kin(department).await;
    assert_eq!(of_department["children_total"], 2);
    let mut children = names(&of_department["children"]);
    children.sort_unstable();
    assert_eq!(children, ["Grenoble", "Échirolles"]);

    // No circle, nothing abroad, nothing unknown.
    for (city, version, parent, code) in [
        (region, 1, object!(town), "inconsistent"),
        (region, 1, object!(region), "inconsistent"),
        (region, 1, object!(abroad), "inconsistent"),
        (region, 1, object!("01980a5c-7c00-7000-8000-000000000001"), "reference"),
    ] {
        let refused = assert_problem(into(city, version, parent).await, 422, "invalid").await;
        assert_eq!(
            (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
            (&object!("/parent_id"), &object!(code))
        );
    }
    let cleared = into(town, 2, Value::Null).await;
    assert_eq!(json(cleared).await["parent_id"], Value::Null);
    assert_eq!(kin(department).await["children_total"], 1);
    let staff = server.sign_in_as(Grant::CityStaff { city_id: town }).await;
    let own = staff.patch(&path(town), 3, &object!({ "parent_id": department })).await;
    assert_eq!(own.status(), 200);
    assert_problem(
        server
            .get("/api/v1/cities/01980a5c-7c00-7000-8000-000000000001/kin")
            .await,
        404,
        "not_found",
    )
    .await;
    server.stop().await;
}
