//! The pages, and the parts of the app that they arrive in.
//!
//! The module that a browser fetches first holds the frame and what nearly all pages are built of. The pages come in parts, each when a page of it is opened
//! for the first time: `split!(part, …)` marks where a part begins, and the build (`cargo xtask web`) puts what only this part needs into a module of its own. Somebody
//! who reads about partnerships never fetches the form of a budget.
//!
//! `web/loader.js` knows which part an address belongs to, so that it travels beside the first module and not after it.

use crate::split;
use crate::ui::later::later;
use crate::{
    accessibility, accounts, activities, applications, assessments, cities, cohorts, doubles, forms, grants, help,
    home, lessons, mandates, matches, organisations, partnerships, programmes, radar, recommendations, results,
    reviews, rounds, stories, sustainability,
};
use leptos::prelude::*;
use shared::ids::{PartnershipId, ProgrammeId};

/// Makes a function for each page of a part, which shows it when the part has arrived.
macro_rules! part {
    ($part:ident { $($page:ident: $view:path),+ $(,)? }) => {$(
        #[doc = concat!("A page of the part `", stringify!($part), "`.")]
        pub fn $page() -> AnyView {
            split!($part, fn $page() -> AnyView { $view().into_any() });
            later(8, $page)
        }
    )+};
}

/// The first page, which comes with the app.
pub fn home() -> AnyView {
    home::HomePage().into_any()
}

// What anybody may read.
part!(directory {
    cities: cities::list::CitiesPage,
    city: cities::detail::CityPage,
    partnerships: partnerships::list::PartnershipsPage,
    partnership: partnerships::detail::PartnershipPage,
    sign_in: accounts::sign_in::SignInPage,
    help: help::HelpPage,
    accessibility: accessibility::AccessibilityPage,
});

// Where a city looks for partners.
part!(matches {
    partners: matches::partners::PartnersPage,
    bans: matches::bans::BansPage,
    inbox: matches::inbox::MatchesPage,
});

// Where a city keeps what others read of it, and a person what concerns the account.
part!(editing {
    account: accounts::own::AccountPage,
    city_edit: cities::edit::CityEditPage,
    partnership_new: partnerships::edit::NewPartnershipPage,
    partnership_edit: partnerships::edit::PartnershipEditPage,
});

// How far a city is.
part!(steps {
    city_steps: cities::steps::CityStepsPage
});

// Where one application is written, handed in and decided on.
part!(application {
    file: applications::detail::ApplicationPage
});

// The calls, and the lists of applications for those who write them and for those who decide.
part!(calls {
    calls: programmes::list::CallsPage,
    call: programmes::detail::CallPage,
    files: applications::list::ApplicationsPage,
    review: applications::officer::OfficerPage,
});

// Where whole cohorts are matched: by officers, and for the cities in them.
part!(rounds {
    rounds: rounds::list::RoundsPage,
    round: rounds::detail::RoundPage,
    round_new: rounds::edit::RoundNewPage,
    round_edit: rounds::edit::RoundEditPage,
});

// Where cities join a turnkey programme, each with a letter.
part!(cohorts {
    cohorts: cohorts::list::CohortsPage,
    cohort: cohorts::detail::CohortPage,
    cohort_new: cohorts::edit::CohortNewPage,
    cohort_edit: cohorts::edit::CohortEditPage,
    engagement: cohorts::letter::EngagementPage,
});

/// The cohorts of a programme, which come after its call.
pub fn cohorts_of(id: ProgrammeId) -> AnyView {
    split!(
        cohorts,
        fn cohorts_here(id: ProgrammeId) -> AnyView {
            cohorts::list::of_programme(id)
        }
    );
    later(0, move || cohorts_here(id))
}

// What partnerships do, and what they achieve.
part!(life {
    life: activities::work::LifePage,
    activity: activities::detail::ActivityPage,
    activity_new: activities::edit::ActivityNewPage,
    activity_edit: activities::edit::ActivityEditPage,
    result_new: results::edit::ResultNewPage,
    result_edit: results::edit::ResultEditPage,
});

// What partnerships learn, and the lists that meetings make of it.
part!(lessons {
    lesson_new: lessons::edit::LessonNewPage,
    lesson_edit: lessons::edit::LessonEditPage,
    meetings: lessons::meeting::MeetingsPage,
    meeting: lessons::meeting::MeetingPageView,
    listed_new: lessons::listing::ListedNewPage,
    listed_edit: lessons::listing::ListedEditPage,
    recommendation: recommendations::detail::RecommendationPage,
    recommendation_new: recommendations::edit::RecommendationNewPage,
    recommendation_edit: recommendations::edit::RecommendationEditPage,
});

// What the sides of a partnership make of it, and what keeps it alive.
part!(memory {
    assessments: assessments::years::AssessmentsPage,
    assessment: assessments::edit::AssessmentPage,
    plan: sustainability::plan::PlanPage,
    plan_edit: sustainability::edit::PlanEditPage,
});

// What partnerships tell anybody.
part!(stories {
    stories: stories::list::StoriesPage,
    story: stories::read::StoryPage,
    story_edit: stories::edit::StoryEditPage,
});

/// The way from a partnership to its story, which comes after the partnership.
pub fn story_teaser(id: PartnershipId) -> AnyView {
    split!(
        stories,
        fn teaser(id: PartnershipId) -> AnyView {
            stories::card::teaser(id)
        }
    );
    later(0, move || teaser(id))
}

// Where files are scored, and where the committee decides.
part!(reviews {
    reviews: reviews::list::ReviewsPage,
    score: reviews::score::ReviewPage,
    committee: reviews::committee::CommitteePage,
    criteria: reviews::criteria::CriteriaPage,
});

// Where officers write what a call asks.
part!(forms {
    form: forms::edit::FormPage
});

// The versions of funding rules: compared by anybody, written by officers.
part!(rules {
    rule_versions: programmes::versions::VersionsPage,
    rule_new: programmes::rule_edit::RuleNewPage,
});

// What a referent works through: what may stand twice, and what needs attention.
part!(referent {
    doubles: doubles::list::DoublesPage,
    radar: radar::RadarPage,
});

// Who is still the right contact, after elections and mandates.
part!(mandates {
    contacts: mandates::contacts::ContactsPage,
    confirm: mandates::confirm::ConfirmPage,
    elections: mandates::elections::ElectionsPage,
});

// What follows an accepted application.
part!(grants {
    grants: grants::list::GrantsPage,
    campaigns: grants::campaign::CampaignsPage,
    grant: grants::detail::GrantPage,
    call_results: grants::results::CallResultsPage,
    letter: grants::letter::LetterPage,
});

// Who funds and accompanies, and what became of them.
part!(organisations {
    organisations: organisations::list::OrganisationsPage,
    organisation: organisations::detail::OrganisationPage,
});

/// Who funds a programme, which comes after its call.
pub fn funders(id: ProgrammeId) -> AnyView {
    split!(
        organisations,
        fn funders_of(id: ProgrammeId) -> AnyView {
            organisations::funders::funders(id)
        }
    );
    later(0, move || funders_of(id))
}

/// What stands where no page is.
pub fn missing() -> AnyView {
    help::NotFoundPage().into_any()
}
