//! The words that the API and the web app have in common.
//!
//! One file per feature holds its views (what is sent), drafts and patches (what is received), filters, states with
//! their transitions as pure functions, and the thinking that both sides run: [`scoring`] ranks partners, [`budget`]
//! computes cofinancing. Nothing here reads a clock, a database or a network.
//!
//! The derives for OpenAPI, validation and the database sit behind the features `openapi`, `validate` and `db`,
//! which only the server switches on.
//!
//! # The routes, below `/api/v1`
//!
//! | method and path | operation | answers |
//! |---|---|---|
//! | POST `/session` · GET `/session` · DELETE `/session` · POST `/session/refresh` | `create_session`, `read_session`, `delete_session`, `refresh_session` | [`accounts::SessionView`] |
//! | GET `/me` · PATCH `/me` | `read_me`, `update_me` | [`accounts::AccountView`] |
//! | GET, POST `/api-clients` · DELETE `/api-clients/{id}` · POST `/oauth/token` | `list_api_clients`, … | [`accounts::ApiClientView`] |
//! | GET `/cities` · GET `/cities/search?q=` · POST `/cities` | `list_cities`, `search_cities`, `create_city` | [`cities::CityPage`], [`cities::CitySuggestions`] |
//! | GET `/cities/{id}` (id or `scheme:code`) · PATCH `/cities/{id}` | `read_city`, `update_city` | [`cities::CityView`] |
//! | GET `/cities/{id}/contacts` · PUT `/cities/{id}/contacts` | `list_contacts`, `replace_contacts` | [`cities::ContactList`] |
//! | POST `/cities/{id}/contacts/{contact_id}/confirm` | `confirm_contact` | [`cities::ContactList`] |
//! | GET, POST `/contact-confirmation?token=` | `read_contact_confirmation`, `confirm_contact_by_mail` | [`mandates::ContactConfirmation`] |
//! | GET, POST `/elections` · GET, DELETE `/elections/{id}` · POST `/elections/{id}/restore` | `list_elections`, `create_election`, `read_election`, `delete_election`, `restore_election` | [`mandates::ElectionView`] |
//! | GET `/cities/{id}/kin` | `read_city_kin` | [`cities::kin::CityKin`] |
//! | GET `/cities/{id}/steps` | `read_city_steps` | [`steps::CitySteps`] |
//! | GET `/cities/{id}/matches` | `list_city_matches` (ranked suggestions with reasons) | [`matches::SuggestionPage`] |
//! | GET, POST `/cities/{id}/bans` · DELETE `/cities/{id}/bans/{ban_id}` | `list_bans`, `create_ban`, `delete_ban` | [`matches::BanPage`] |
//! | GET, PUT `/cities/{id}/weights` | `read_weights`, `replace_weights` | [`preferences::WeightsView`] |
//! | GET, POST `/cities/{id}/searches` · DELETE `/cities/{id}/searches/{search_id}` · POST `/cities/{id}/searches/{search_id}/seen` | `list_saved_searches`, `create_saved_search`, `delete_saved_search`, `see_saved_search` | [`preferences::SavedSearchPage`] |
//! | GET `/cities/{id}/partnerships` | `list_city_partnerships` | [`partnerships::PartnershipPage`] |
//! | GET, POST `/matches` · GET `/matches/{id}` · POST `/matches/{id}/accept\|decline\|withdraw\|agree` | `list_matches`, `create_match`, `read_match`, `accept_match`, `decline_match`, `withdraw_match`, `agree_match` | [`matches::MatchView`] |
//! | GET, POST `/rounds` · GET, PATCH `/rounds/{id}` · POST `/rounds/{id}/open\|simulate\|run\|publish\|close\|cancel` | `list_rounds`, `create_round`, `read_round`, `update_round`, `open_round`, `simulate_round`, `run_round`, `publish_round`, `close_round`, `cancel_round` | [`rounds::RoundView`] |
//! | GET, POST `/rounds/{id}/members` · GET `/rounds/{id}/members/{city_id}` · PUT `/rounds/{id}/members/{city_id}/wishes` | `list_round_members`, `change_round_members`, `read_round_member`, `replace_wishes` | [`rounds::RoundMemberPage`] |
//! | GET `/rounds/{id}/pairs` · GET `/rounds/{id}/certificate` | `list_round_pairs`, `read_round_certificate` | [`rounds::RoundPairPage`], [`rounds::RoundCertificate`] |
//! | GET `/round-pairs` · GET `/round-pairs/{id}` · POST `/round-pairs/{id}/accept\|decline\|withdraw` | `list_own_round_pairs`, `read_round_pair`, `accept_round_pair`, `decline_round_pair`, `withdraw_round_pair` | [`rounds::RoundPairView`] |
//! | GET `/jobs/{id}` · POST `/jobs/{id}/cancel` | `read_job`, `cancel_job` | [`jobs::JobView`] |
//! | GET, POST `/partnerships` · GET, PATCH, DELETE `/partnerships/{id}` · POST `/partnerships/{id}/advance\|restore` | `list_partnerships`, … | [`partnerships::PartnershipView`] |
//! | GET `/partnerships/{id}/history` | `list_partnership_changes` | [`partnerships::past::PartnershipChangeList`] |
//! | GET, POST `/partnerships/{id}/activities` · GET `/cities/{id}/activities` · GET, PATCH `/activities/{id}` · POST `/activities/{id}/advance` | `list_activities`, `create_activity`, `list_city_activities`, `read_activity`, `update_activity`, `advance_activity` | [`activities::ActivityView`] |
//! | GET, POST `/activities/{id}/bookings` · GET `/bookings/{id}` · POST `/bookings/{id}/cancel` | `list_bookings`, `create_booking`, `read_booking`, `cancel_booking` | [`activities::BookingView`] |
//! | GET `/partnerships/{id}/calendar` · GET `/cities/{id}/calendar` | `read_partnership_calendar`, `read_city_calendar` | iCalendar |
//! | GET, POST `/partnerships/{id}/results` · GET, PATCH, DELETE `/results/{id}` · POST `/results/{id}/restore\|measures` | `list_results`, `create_result`, `read_result`, `update_result`, `delete_result`, `restore_result`, `add_measure` | [`results::ResultView`] |
//! | GET, POST `/doubles` · GET `/doubles/{id}` · GET, POST `/doubles/search` ([`jobs::JobView`]) · POST `/doubles/{id}/merge\|reject\|undo` | `list_doubles`, `create_double`, `read_double`, `search_doubles`, `read_double_search`, `merge_double`, `reject_double`, `undo_double` | [`doubles::DoubleView`] |
//! | GET `/cities/{id}/successions` · GET `/partnerships/{id}/successions` | `list_city_successions`, `list_partnership_successions` | [`doubles::SuccessionList`] |
//! | GET, POST `/partnerships/{id}/assessments` · GET `/assessments/{id}` · PUT `/assessments/{id}/sheet` · POST `/assessments/{id}/file\|take-back` | `list_assessments`, `create_assessment`, `read_assessment`, `replace_assessment_sheet`, `file_assessment`, `take_back_assessment` | [`assessments::AssessmentView`], [`assessments::AssessmentYearPage`] |
//! | GET `/cities/{id}/radar` | `read_radar` | [`radar::RadarList`] |
//! | GET `/lessons` · GET, POST `/partnerships/{id}/lessons` · GET, PATCH, DELETE `/lessons/{id}` · POST `/lessons/{id}/restore` | `list_lessons`, `list_partnership_lessons`, `create_lesson`, `read_lesson`, `update_lesson`, `delete_lesson`, `restore_lesson` | [`lessons::LessonView`] |
//! | GET, POST `/meetings` · GET, PATCH `/meetings/{id}` · POST `/meetings/{id}/lessons` · PUT `/meetings/{id}/order` | `list_meetings`, `create_meeting`, `read_meeting`, `update_meeting`, `create_listed_lesson`, `order_listed_lessons` | [`lessons::MeetingView`] |
//! | GET, PATCH, DELETE `/listed-lessons/{id}` · POST `/listed-lessons/{id}/restore` | `read_listed_lesson`, `update_listed_lesson`, `delete_listed_lesson`, `restore_listed_lesson` | [`lessons::ListedLessonView`] |
//! | GET `/recommendations` · GET, POST `/meetings/{id}/recommendations` · GET, PATCH, DELETE `/recommendations/{id}` · POST `/recommendations/{id}/advance\|restore` | `list_recommendations`, `list_meeting_recommendations`, `create_recommendation`, `read_recommendation`, `update_recommendation`, `delete_recommendation`, `restore_recommendation`, `advance_recommendation` | [`recommendations::RecommendationView`] |
//! | GET, POST, PUT `/partnerships/{id}/plan` · GET `/partnerships/{id}/plan/editions` | `read_sustainability_plan`, `create_sustainability_plan`, `replace_sustainability_plan`, `list_plan_editions` | [`sustainability::SustainabilityPlanView`] |
//! | GET `/stories` · GET, POST, PUT `/partnerships/{id}/story` · POST `/partnerships/{id}/story/advance` · POST, DELETE `/partnerships/{id}/story/picture` · GET `/story-pictures/{id}` | `list_stories`, `read_story`, `create_story`, `replace_story`, `advance_story`, `add_story_picture`, `remove_story_picture`, `read_story_picture` | [`stories::StoryView`], [`stories::StorySummary`] |
//! | GET `/partnerships/map` | `map_partnerships` (arcs) | [`partnerships::PartnershipMap`] |
//! | GET `/networks` · GET `/networks/{id}` | `list_networks`, `read_network` | [`networks::NetworkView`] |
//! | GET, POST `/organisations` · GET `/organisations/{id}` · POST `/organisations/{id}/rename\|merge\|undo` · GET `/programmes/{id}/funders` | `list_organisations`, `create_organisation`, `read_organisation`, `rename_organisation`, `merge_organisation`, `undo_organisation_change`, `list_programme_funders` | [`organisations::OrganisationView`] |
//! | GET, POST `/programmes` · GET `/programmes/{id}` | `list_programmes`, `create_programme`, `read_programme` | [`programmes::ProgrammeView`] |
//! | GET, POST `/programmes/{id}/rule-sets` · GET `/programmes/{id}/rule-sets/{rule_set_id}` · GET `/programmes/{id}/rule-sets/{rule_set_id}/difference` · POST `/programmes/{id}/rule-sets/try` | `list_rule_sets`, `create_rule_set`, `read_rule_set`, `compare_rule_sets`, `try_rule_set` | [`budget::RuleSet`], [`budget::difference::RuleSetDifference`], [`budget::Assessment`] |
//! | GET, POST `/calls` · GET, PATCH `/calls/{id}` · POST `/calls/{id}/advance` | `list_calls`, `create_call`, `read_call`, `update_call`, `advance_call` | [`programmes::CallView`] |
//! | GET, PUT `/calls/{id}/form` | `read_call_form`, `replace_call_form` | [`forms::CallFormView`] |
//! | GET, POST `/applications` · GET, PATCH, DELETE `/applications/{id}` | `list_applications`, `create_application`, `read_application`, `update_application`, `delete_application` | [`applications::ApplicationView`] |
//! | PUT `/applications/{id}/parties` | `replace_application_parties` | [`applications::ApplicationView`] |
//! | GET, PUT `/applications/{id}/budget` | `read_budget`, `replace_budget` | [`applications::BudgetView`] |
//! | POST `/applications/{id}/sign-off\|submit\|withdraw\|start-review\|shortlist\|decide\|restore` | `sign_off_application`, `submit_application`, `withdraw_application`, `start_application_review`, `shortlist_application`, `decide_application`, `restore_application` | [`applications::ApplicationView`] |
//! | GET `/applications/{id}/versions` · GET `/applications/{id}/versions/{version}` · POST `/applications/{id}/versions/{version}/restore` | `list_application_versions`, `read_application_version`, `restore_application_version` | [`applications::FileVersionView`] |
//! | GET, POST `/applications/{id}/comments` · GET, PATCH, DELETE `/comments/{id}` · POST `/comments/{id}/settle\|reopen\|restore` | `list_comments`, `create_comment`, `read_comment`, `update_comment`, `delete_comment`, `settle_comment`, `reopen_comment`, `restore_comment` | [`applications::CommentView`] |
//! | PUT `/applications/{id}/presence` | `replace_presence` | [`applications::PresenceView`] |
//! | GET `/applications/{id}/receipt` | `read_receipt` | [`applications::Receipt`] |
//! | GET, PUT `/calls/{id}/review-plan` | `read_review_plan`, `replace_review_plan` | [`reviews::ReviewPlanView`] |
//! | GET `/calls/{id}/reviewers` · POST `/calls/{id}/reviews` · POST `/calls/{id}/balance-reviews` | `list_reviewers`, `create_reviews`, `balance_reviews` | [`reviews::ReviewerList`], [`reviews::AssignmentReport`] |
//! | GET `/reviews` · GET, DELETE `/reviews/{id}` · PUT `/reviews/{id}/sheet` · POST `/reviews/{id}/file\|declare-conflict` | `list_reviews`, `read_review`, `delete_review`, `replace_sheet`, `file_review`, `declare_conflict` | [`reviews::ReviewView`] |
//! | GET `/calls/{id}/committee` · POST `/calls/{id}/decide\|shortlist` | `read_committee`, `decide_applications`, `shortlist_applications` | [`reviews::CommitteePage`], [`reviews::DecisionReport`] |
//! | GET, POST `/grants` · GET `/grants/{id}` · POST `/grants/{id}/sign\|request\|approve\|return\|pay\|hand-in-report\|accept-report\|return-report\|close` | `list_grants`, `create_grant`, `read_grant`, `sign_grant`, … | [`grants::FundingView`] |
//! | GET, POST `/campaigns` · GET `/campaigns/{id}` | `list_campaigns`, `create_campaign`, `read_campaign` | [`campaigns::CampaignView`] |
//! | GET, POST `/cohorts` · GET, PATCH, DELETE `/cohorts/{id}` · POST `/cohorts/{id}/close\|reopen\|restore\|send` | `list_cohorts`, `create_cohort`, `read_cohort`, `update_cohort`, `delete_cohort`, `close_cohort`, `reopen_cohort`, `restore_cohort`, `send_engagement_letters` | [`cohorts::CohortView`] |
//! | GET, POST `/cohorts/{id}/members` · GET, PATCH, DELETE `/cohort-members/{id}` · POST `/cohort-members/{id}/restore` | `list_cohort_members`, `create_cohort_member`, `read_cohort_member`, `update_cohort_member`, `delete_cohort_member`, `restore_cohort_member` | [`cohorts::CohortMemberView`] |
//! | GET `/cohort-members/{id}/letter` · POST `/cohort-members/{id}/send\|sign\|refuse\|file\|withdraw` | `read_engagement_letter`, `send_engagement_letter`, `sign_engagement_letter`, `refuse_engagement_letter`, `file_engagement_letter`, `withdraw_engagement_letter` | [`cohorts::EngagementLetter`] |
//! | POST `/calls/{id}/contract` | `create_grants` | [`grants::ContractsReport`] |
//! | GET `/common-grants/opportunities` · POST `/common-grants/opportunities/search` · GET `/common-grants/opportunities\|applications\|awards/{id}` | `list_opportunities`, `search_opportunities`, `read_opportunity`, `read_common_application`, `read_award` | those of the CommonGrants protocol |
//! | GET `/observatory/figures` | `read_figures` (home page figures) | [`observatory::Figures`] |
//! | GET `/audit` · GET `/changes` | `list_audit_entries`, `list_changes` | [`audit::AuditPage`], [`audit::ChangePage`] |
//! | GET `/problems/{code}` · `/livez` · `/readyz` (outside `/api/v1`) | | |

pub mod accounts;
pub mod activities;
pub mod applications;
pub mod assessments;
pub mod audit;
pub mod budget;
pub mod campaigns;
pub mod cities;
pub mod cohorts;
pub mod countries;
pub mod doubles;
pub mod forms;
pub mod geo;
pub mod grants;
pub mod history;
pub mod ids;
pub mod jobs;
pub mod language;
pub mod lessons;
pub mod mandates;
pub mod matches;
pub mod money;
pub mod networks;
pub mod observatory;
pub mod organisations;
pub mod page;
pub mod partnerships;
pub mod patch;
pub mod preferences;
pub mod problem;
pub mod programmes;
pub mod radar;
pub mod recommendations;
pub mod results;
pub mod reviews;
pub mod rounds;
pub mod scoring;
pub mod steps;
pub mod stories;
pub mod sustainability;
pub mod themes;
pub mod time;
