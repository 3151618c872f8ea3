use shared::accounts::{ClientScope, Grant};

use crate::support::Server;

#[actix_web::test]
async fn a_city_is_read_by_anybody_by_a_person_and_by_a_program() {
    let server = Server::start().await;
    let nowhere = "/api/v1/cities/01980a5c-7c00-7000-8000-000000000001";
    let person = server.sign_in_as(Grant::Admin).await;
    let program = server.program(Grant::Admin, &[ClientScope::Read]);
    for visitor in [server.anybody(), person, program] {
        assert_eq!(visitor.get(nowhere).await.status(), 404);
    }
    server.stop().await;
}
