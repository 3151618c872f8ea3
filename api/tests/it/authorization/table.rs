//! Who may do what: one line an operation, one column a role.

const EVERYBODY: &str = "ok ok ok ok ok ok ok ok ok";
const PEOPLE: &str = "401 ok ok ok ok ok ok 403 403";

/// Operation, path, body, and what the roles get. A body that begins with `form:` is a form.
#[rustfmt::skip]
pub(super) const TABLE: &[(&str, &str, &str, &str)] = &[
    // accounts
    ("create_session", "/session", r#"{"email":"{email}","password":"{password}"}"#, EVERYBODY),
    ("read_session", "/session", "", PEOPLE),
    // Its proof is the refresh cookie, which nobody sends here.
    ("refresh_session", "/session/refresh", "", "401 401 401 401 401 401 401 401 401"),
    ("delete_session", "/session", "", PEOPLE),
    ("read_me", "/me", "", PEOPLE),
    ("update_me", "/me", r#"{"name":"Test"}"#, PEOPLE),
    // Its proof is the token of a mail, which nobody has here.
    ("stop_digest", "/digest/stop?token=none", "", "404 404 404 404 404 404 404 404 404"),
    ("list_api_clients", "/api-clients", "", PEOPLE),
    ("create_api_client", "/api-clients", r#"{"name":"Test","scopes":["read"],"grant":{"role":"city_staff","city_id":"{own_city}"}}"#, "401 ok 403 403 403 403 ok 403 403"),
    ("read_api_client", "/api-clients/{client}", "", "401 ok 404 404 404 404 ok 403 403"),
    ("delete_api_client", "/api-clients/{client}", "", "401 ok 404 404 404 404 ok 403 403"),
    ("create_token", "/oauth/token", "form:grant_type=client_credentials&client_id={client}&client_secret={secret}", EVERYBODY),
    // audit
    ("list_audit_entries", "/audit", "", "401 403 403 403 403 403 ok 403 403"),
    ("list_changes", "/changes", "", EVERYBODY),
    // cities
    ("list_cities", "/cities", "", EVERYBODY),
    ("search_cities", "/cities/search?q=gren", "", EVERYBODY),
    ("create_city", "/cities", r#"{"kind":"municipality","name":"Test","country":"FR"}"#, "401 403 403 ok 403 403 ok 403 403"),
    ("read_city", "/cities/{own_city}", "", EVERYBODY),
    ("update_city", "/cities/{own_city}", r#"{"open_to_partners":true}"#, "401 ok 403 ok 403 403 ok 403 ok"),
    ("list_contacts", "/cities/{own_city}/contacts", "", "401 ok 403 403 403 403 ok ok ok"),
    ("read_city_steps", "/cities/{own_city}/steps", "", "401 ok 403 403 403 403 ok ok ok"),
    ("replace_contacts", "/cities/{own_city}/contacts", r#"{"items":[]}"#, "401 ok 403 403 403 403 ok 403 ok"),
    // networks, figures
    ("list_networks", "/networks", "", EVERYBODY),
    ("read_network", "/networks/{network}", "", EVERYBODY),
    ("read_figures", "/observatory/figures", "", EVERYBODY),
    // matches: the own city has told its interest in the other one
    ("list_city_matches", "/cities/{own_city}/matches", "", "401 ok 403 ok 403 403 ok ok ok"),
    ("read_city_match", "/cities/{own_city}/matches/{other_city}", "", "401 ok 403 ok 403 403 ok ok ok"),
    ("list_matches", "/matches", "", "401 ok ok ok ok ok ok ok ok"),
    ("create_match", "/matches", r#"{"from_city_id":"{own_city}","to_city_id":"{other_city}","message":"Bonjour"}"#, "401 ok 403 403 403 403 403 403 ok"),
    ("read_match", "/matches/{match}", "", "401 ok ok 404 404 404 ok ok ok"),
    ("accept_match", "/matches/{match}/accept", "{}", "401 403 ok 404 404 404 403 403 403"),
    ("decline_match", "/matches/{match}/decline", "{}", "401 403 ok 404 404 404 403 403 403"),
    ("withdraw_match", "/matches/{match}/withdraw", "{}", "401 ok 403 404 404 404 403 403 ok"),
    ("agree_match", "/matches/{match}/agree", "{}", "401 ok ok 404 404 404 403 403 ok"),
    // bans: the own city has banned a third one
    ("list_bans", "/cities/{own_city}/bans", "", "401 ok 403 403 403 403 ok ok ok"),
    ("create_ban", "/cities/{own_city}/bans", r#"{"city_id":"{third_city}"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("delete_ban", "/cities/{own_city}/bans/{ban}", "", "401 ok 403 403 403 403 ok 403 ok"),
    // what the own city keeps to itself: weights, and a search
    ("read_weights", "/cities/{own_city}/weights", "", "401 ok 403 403 403 403 ok ok ok"),
    ("replace_weights", "/cities/{own_city}/weights", r#"{"weights":{weights}}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("list_saved_searches", "/cities/{own_city}/searches", "", "401 ok 403 403 403 403 ok ok ok"),
    ("create_saved_search", "/cities/{own_city}/searches", r#"{"name":"Test"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("see_saved_search", "/cities/{own_city}/searches/{search}/seen", r#"{"city_ids":[]}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("delete_saved_search", "/cities/{own_city}/searches/{search}", "", "401 ok 403 403 403 403 ok 403 ok"),
    // partnerships: the own city leads one with the other one
    ("list_partnerships", "/partnerships", "", EVERYBODY),
    ("list_city_partnerships", "/cities/{own_city}/partnerships", "", EVERYBODY),
    ("map_partnerships", "/partnerships/map", "", EVERYBODY),
    ("create_partnership", "/partnerships", r#"{"name":"Test","kind":"project","parties":[{"party":{"type":"city","city_id":"{own_city}"},"role":"lead"},{"party":{"type":"city","city_id":"{other_city}"},"role":"partner"}]}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("read_partnership", "/partnerships/{partnership}", "", EVERYBODY),
    ("update_partnership", "/partnerships/{partnership}", r#"{"name":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("delete_partnership", "/partnerships/{partnership}", "", "401 ok 403 403 403 403 ok 403 ok"),
    ("advance_partnership", "/partnerships/{partnership}/advance", r#"{"to":"letter_of_intent"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("restore_partnership", "/partnerships/{partnership}/restore", "", "401 ok 403 403 403 403 ok 403 ok"),
    ("read_radar", "/cities/{own_city}/radar", "", "401 ok 403 ok 403 403 ok ok ok"),
    // activities: an exhibition of that partnership, which the own city has booked
    ("list_activities", "/partnerships/{partnership}/activities", "", EVERYBODY),
    ("list_city_activities", "/cities/{own_city}/activities", "", EVERYBODY),
    ("create_activity", "/partnerships/{partnership}/activities", r#"{"kind":"exhibition","title":"Test","starts_on":"2026-12-01","ends_on":"2026-12-31"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("read_activity", "/activities/{activity}", "", EVERYBODY),
    ("update_activity", "/activities/{activity}", r#"{"title":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("advance_activity", "/activities/{activity}/advance", r#"{"to":"cancelled"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("list_bookings", "/activities/{activity}/bookings", "", EVERYBODY),
    ("create_booking", "/activities/{activity}/bookings", r#"{"city_id":"{own_city}","starts_on":"2026-12-01","ends_on":"2026-12-05"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("read_booking", "/bookings/{booking}", "", EVERYBODY),
    ("cancel_booking", "/bookings/{booking}/cancel", "", "401 ok 403 403 403 403 ok 403 ok"),
    ("read_partnership_calendar", "/partnerships/{partnership}/calendar", "", EVERYBODY),
    ("read_city_calendar", "/cities/{own_city}/calendar", "", EVERYBODY),
    // results: an indicator of that partnership
    ("list_results", "/partnerships/{partnership}/results", "", EVERYBODY),
    ("create_result", "/partnerships/{partnership}/results", r#"{"theme":"climate","title":"Test","evidence":{"type":"indicator","unit":"t","baseline":10,"target":5}}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("read_result", "/results/{result}", "", EVERYBODY),
    ("update_result", "/results/{result}", r#"{"title":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("delete_result", "/results/{result}", "", "401 ok ok 403 403 403 ok 403 ok"),
    ("add_measure", "/results/{result}/measures", r#"{"measured_on":"2026-11-01","value":8,"author":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    // lessons: one that this partnership proposes; a meeting of the own city, with a lesson that comes from it
    ("list_lessons", "/lessons", "", EVERYBODY),
    ("list_partnership_lessons", "/partnerships/{partnership}/lessons", "", EVERYBODY),
    ("create_lesson", "/partnerships/{partnership}/lessons", r#"{"theme":"climate","text":"Test","language":"fr","result_ids":["{result}"]}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("read_lesson", "/lessons/{lesson}", "", EVERYBODY),
    ("update_lesson", "/lessons/{lesson}", r#"{"text":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("delete_lesson", "/lessons/{lesson}", "", "401 ok ok 403 403 403 ok 403 ok"),
    ("restore_lesson", "/lessons/{lesson}/restore", "", "401 ok ok 403 403 403 ok 403 ok"),
    ("list_meetings", "/meetings", "", EVERYBODY),
    ("create_meeting", "/meetings", r#"{"name":{"fr":"Test"},"host":{"type":"city","city_id":"{own_city}"},"starts_on":"2026-03-12","ends_on":"2026-03-14"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("read_meeting", "/meetings/{meeting}", "", EVERYBODY),
    ("create_listed_lesson", "/meetings/{meeting}/lessons", r#"{"theme":"climate","text":{"fr":"Test"},"lesson_ids":["{lesson}"]}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("order_listed_lessons", "/meetings/{meeting}/order", r#"{"ids":[]}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("read_listed_lesson", "/listed-lessons/{listed_lesson}", "", EVERYBODY),
    ("update_listed_lesson", "/listed-lessons/{listed_lesson}", r#"{"theme":"climate"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("delete_listed_lesson", "/listed-lessons/{listed_lesson}", "", "401 ok 403 403 403 403 ok 403 ok"),
    ("restore_listed_lesson", "/listed-lessons/{listed_lesson}/restore", "", "401 ok 403 403 403 403 ok 403 ok"),
    // programmes and calls: one that is being written, one that is open
    ("list_programmes", "/programmes", "", EVERYBODY),
    ("create_programme", "/programmes", r#"{"name":{"fr":"Test"}}"#, "401 403 403 403 403 403 ok 403 403"),
    ("read_programme", "/programmes/{programme}", "", EVERYBODY),
    ("list_rule_sets", "/programmes/{programme}/rule-sets", "", EVERYBODY),
    ("create_rule_set", "/programmes/{programme}/rule-sets", RULES, "401 403 403 403 ok 403 ok 403 403"),
    ("list_calls", "/calls", "", EVERYBODY),
    ("create_call", "/calls", CALL, "401 403 403 403 ok 403 ok 403 403"),
    ("read_call", "/calls/{written_call}", "", "404 404 404 404 ok 404 ok 404 404"),
    ("update_call", "/calls/{open_call}", r#"{"title":{"fr":"Test"}}"#, "401 403 403 403 ok 403 ok 403 403"),
    ("advance_call", "/calls/{open_call}/advance", r#"{"to":"closed"}"#, "401 403 403 403 ok 403 ok 403 403"),
    // campaigns: of the call that is open, whose results are not public
    ("list_campaigns", "/campaigns", "", EVERYBODY),
    ("create_campaign", "/campaigns", r#"{"programme_id":"{programme}","year":2026,"name":{"fr":"Test"},"call_ids":["{open_call}"]}"#, "401 403 403 403 ok 403 ok 403 403"),
    ("read_campaign", "/campaigns/{campaign}", "", "404 404 404 404 ok 404 ok 404 404"),
    // rounds: one that is being prepared; one that takes wishes, with the own city and the other one in it; and a pair of the
    // two that a third one has shown
    ("list_rounds", "/rounds", "", EVERYBODY),
    ("create_round", "/rounds", ROUND, "401 403 403 403 ok 403 ok 403 403"),
    ("read_round", "/rounds/{written_round}", "", "404 404 404 404 ok 404 ok 404 404"),
    ("update_round", "/rounds/{open_round}", r#"{"name":{"fr":"Test"}}"#, OFFICERS),
    ("open_round", "/rounds/{open_round}/open", "", OFFICERS),
    ("simulate_round", "/rounds/{open_round}/simulate", "", OFFICERS),
    ("run_round", "/rounds/{open_round}/run", "", OFFICERS),
    ("publish_round", "/rounds/{open_round}/publish", "", OFFICERS),
    ("close_round", "/rounds/{open_round}/close", "", OFFICERS),
    ("cancel_round", "/rounds/{open_round}/cancel", "", OFFICERS),
    ("read_round_certificate", "/rounds/{shown_round}/certificate", "", OFFICERS),
    ("list_round_members", "/rounds/{open_round}/members", "", "401 ok ok 403 ok 403 ok ok ok"),
    ("change_round_members", "/rounds/{open_round}/members", r#"{"items":[]}"#, OFFICERS),
    ("read_round_member", "/rounds/{open_round}/members/{own_city}", "", "401 ok ok 403 ok 403 ok ok ok"),
    ("replace_wishes", "/rounds/{open_round}/members/{own_city}/wishes", r#"{"city_ids":[]}"#, "401 ok 403 403 403 403 403 403 ok"),
    ("list_round_pairs", "/rounds/{shown_round}/pairs", "", "401 ok ok ok ok ok ok ok ok"),
    ("list_own_round_pairs", "/round-pairs", "", "401 ok ok ok ok ok ok ok ok"),
    ("read_round_pair", "/round-pairs/{round_pair}", "", "401 ok ok 404 ok 404 ok ok ok"),
    ("accept_round_pair", "/round-pairs/{round_pair}/accept", "", "401 ok ok 404 403 404 403 403 ok"),
    ("decline_round_pair", "/round-pairs/{round_pair}/decline", "", "401 ok ok 404 403 404 403 403 ok"),
    ("withdraw_round_pair", "/round-pairs/{round_pair}/withdraw", "", "401 ok ok 404 403 404 403 403 ok"),
    ("read_job", "/jobs/{job}", "", "401 404 404 404 ok 404 ok 404 404"),
    ("cancel_job", "/jobs/{job}/cancel", "", "401 404 404 404 ok 404 ok 404 404"),
    // applications: the own city leads a draft with the other one as its partner
    ("list_applications", "/applications", "", "401 ok ok ok ok ok ok ok ok"),
    ("create_application", "/applications", r#"{"call_id":"{open_call}","lead_city_id":"{own_city}","title":"Test"}"#, "401 ok 403 403 403 403 403 403 ok"),
    ("read_application", "/applications/{application}", "", FILE),
    ("update_application", "/applications/{application}", r#"{"title":"Test"}"#, "401 ok ok 404 404 404 404 403 ok"),
    ("delete_application", "/applications/{application}", "", "401 ok 403 404 404 404 404 403 ok"),
    ("replace_application_parties", "/applications/{application}/parties", r#"{"items":[{"city_id":"{own_city}","role":"lead"}]}"#, "401 ok 403 404 404 404 404 403 ok"),
    ("read_budget", "/applications/{application}/budget", "", FILE),
    ("replace_budget", "/applications/{application}/budget", r#"{"lines":[],"contributions":[],"grant_asked_minor":0}"#, "401 ok ok 404 404 404 404 403 ok"),
    // The other city's staff may agree for its own city: it is asked for the version before it is told that this one is not its own.
    ("sign_off_application", "/applications/{application}/sign-off", r#"{"city_id":"{own_city}"}"#, "401 ok ok 404 404 404 404 403 ok"),
    ("submit_application", "/applications/{application}/submit", "", "401 ok 403 404 404 404 404 403 ok"),
    ("withdraw_application", "/applications/{application}/withdraw", "", "401 ok 403 404 404 404 404 403 ok"),
    ("start_application_review", "/applications/{application}/start-review", "", "401 403 403 404 404 404 404 403 403"),
    ("decide_application", "/applications/{application}/decide", r#"{"outcome":"rejected","reason":"Test"}"#, "401 403 403 404 404 404 404 403 403"),
    ("restore_application", "/applications/{application}/restore", "", "401 ok 403 404 404 404 404 403 ok"),
    // reviews: a call under review with a file of the two cities, which the reviewer has; nobody may see an unfiled sheet
    ("read_review_plan", "/calls/{judged_call}/review-plan", "", EVERYBODY),
    ("replace_review_plan", "/calls/{open_call}/review-plan", r#"{"criteria":[],"blind":false,"reviewers_per_file":2}"#, OFFICERS),
    ("list_reviewers", "/calls/{judged_call}/reviewers", "", OFFICERS),
    ("create_reviews", "/calls/{judged_call}/reviews", r#"{"items":[]}"#, OFFICERS),
    ("balance_reviews", "/calls/{judged_call}/balance-reviews", "{}", OFFICERS),
    ("read_committee", "/calls/{judged_call}/committee", "", OFFICERS),
    ("decide_applications", "/calls/{judged_call}/decide", r#"{"items":[]}"#, "401 403 403 403 ok 403 403 403 403"),
    ("list_reviews", "/reviews", "", PEOPLE),
    ("read_review", "/reviews/{review}", "", "401 404 404 404 404 ok 404 404 404"),
    ("replace_sheet", "/reviews/{review}/sheet", "{}", "401 404 404 404 403 ok 403 404 404"),
    ("file_review", "/reviews/{review}/file", "", "401 404 404 404 403 ok 403 404 404"),
    ("declare_conflict", "/reviews/{review}/declare-conflict", r#"{"reason":"Test"}"#, "401 404 404 404 403 ok 403 404 404"),
    ("delete_review", "/reviews/{review}", "", "401 404 404 404 ok 403 ok 404 404"),
    // grants: of a file of the two cities that was accepted
    ("list_grants", "/grants", "", "401 ok ok ok ok ok ok ok ok"),
    ("create_grant", "/grants", r#"{"application_id":"{accepted}","reference":"Test","contracted_on":"2026-11-01"}"#, "401 403 403 403 ok 403 403 403 403"),
    ("read_grant", "/grants/{grant}", "", "401 ok ok 404 ok 404 ok ok ok"),
    ("sign_grant", "/grants/{grant}/sign", "", "401 ok 403 404 ok 404 403 403 ok"),
    ("request_instalment", "/grants/{grant}/request", r#"{"number":1}"#, "401 ok 403 404 403 404 403 403 ok"),
    ("approve_instalment", "/grants/{grant}/approve", r#"{"number":1}"#, FUNDER),
    ("return_instalment", "/grants/{grant}/return", r#"{"reason":"Test"}"#, FUNDER),
    ("pay_instalment", "/grants/{grant}/pay", r#"{"number":1}"#, FUNDER),
    ("hand_in_report", "/grants/{grant}/hand-in-report", r#"{"text":"Test","spent_minor":1}"#, "401 ok 403 404 403 404 403 403 ok"),
    ("accept_report", "/grants/{grant}/accept-report", "", FUNDER),
    ("return_report", "/grants/{grant}/return-report", r#"{"reason":"Test"}"#, FUNDER),
    ("close_grant", "/grants/{grant}/close", "", FUNDER),
    // A draft has no receipt yet: 404 for everybody who is known.
    ("read_receipt", "/applications/{application}/receipt", "", "401 404 404 404 404 404 404 404 404"),
];

/// Only the officers of the programme that pays; its cities and administrators may look.
const FUNDER: &str = "401 403 403 404 ok 404 403 403 403";
/// Only officers and administrators.
const OFFICERS: &str = "401 403 403 403 ok 403 ok 403 403";
const ROUND: &str = r#"{"programme_id":"{programme}","name":{"fr":"Test"},
    "rules":{"mode":"stable","sides":[{"name":{"fr":"A"},"countries":["FR"]},{"name":{"fr":"B"},"countries":["AM"]}]}}"#;
/// Who reads a draft: its cities and their programs, nobody else.
const FILE: &str = "401 ok ok 404 404 404 404 ok ok";
const RULES: &str = r#"{"name":"Test","valid_from":"2026-01-01","valid_to":null,"source":"","currency":"EUR",
    "heads":[{"code":"missions","label":{"fr":"Missions"},"rate_bp":5000}],"country_rates":[],
    "several_countries_rate_bp":null,"own_share_min_bp":0,"in_kind_max_bp":null,"cities_min":0,"own_country":"FR",
    "countries":[],"required_sdgs":[],"instalments_bp":[10000]}"#;
pub(super) const CALL: &str = r#"{"programme_id":"{programme}","title":{"fr":"Test"},"rule_set_id":"{rule_set}",
    "window":{"opens_at":"2026-11-01T00:00:00Z","closes_at":"2026-12-01T00:00:00Z","zone":"Europe/Paris","grace_s":0}}"#;
