//! The life of a partnership: what comes next, what has been done, year by year, and what came of it.

use super::{days, figures, kind_words, model, state_badge};
use crate::lessons::list::Lessons;
use crate::partnerships::past::Past;
use crate::results::list::Results;
use crate::ui::prelude::*;
use crate::{app, browser, client, t};
use chrono::{DateTime, NaiveDate};
use leptos::prelude::*;
use shared::activities::{ActivityPage, ActivityState, ActivityView};
use shared::ids::PartnershipId;
use shared::partnerships::{PartnershipAction, PartnershipView};

/// Today, as the reader's clock has it.
pub fn today() -> NaiveDate {
    DateTime::from_timestamp_millis(browser::now_ms() as i64)
        .unwrap_or_default()
        .date_naive()
}

/// The life of a partnership.
#[component]
pub fn LifePage() -> impl IntoView {
    let id = app::param("id");
    let partnership = load(move || client::get::<PartnershipView>(format!("/partnerships/{}", id.get())));
    view! {
        <Loaded
            of=partnership
            lines=10
            view=|partnership: PartnershipView| {
                let id = partnership.summary.id;
                let may_add = partnership.allowed.contains(&PartnershipAction::Update);
                view! {
                    <PageHeader
                        title=t!("life.title")
                        crumbs=vec![
                            Crumb::new("/partnerships", t!("nav.partnerships")),
                            Crumb::new(format!("/partnerships/{id}"), Signal::stored(partnership.summary.name)),
                        ]
                        lead=t!("life.lead")
                    />
                    <nav class="memory-links" aria-label=t!("life.memory")>
                        <ul>
                            <li><a href=format!("/partnerships/{id}/assessments")>{icon(Icon::Compare)} {t!("assessment.title")}</a></li>
                            <li><a href=format!("/partnerships/{id}/story")>{icon(Icon::Star)} {t!("story.title")}</a></li>
                            <li><a href=format!("/partnerships/{id}/plan")>{icon(Icon::Document)} {t!("plan.title")}</a></li>
                        </ul>
                    </nav>
                    <div class="life">
                        <Work id=id may_add=may_add/>
                        <Results id=id may_add=may_add/>
                        <Lessons id=id may_add=may_add/>
                        <Past id=id/>
                    </div>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}

/// The activities of a partnership.
#[component]
fn Work(
    /// The partnership.
    id: PartnershipId,
    /// Whether the reader may add some.
    may_add: bool,
) -> impl IntoView {
    let now = today();
    let path = format!("/partnerships/{id}/activities");
    let next_path = app::address(
        &path,
        &[
            ("from", now.to_string()),
            ("state", "planned,held".to_owned()),
            ("sort", "starts_on".to_owned()),
            ("limit", "50".to_owned()),
        ],
    );
    let coming = load(move || client::get::<ActivityPage>(next_path.clone()));
    let past = grow(move |cursor: Option<String>| {
        let mut query = vec![("until", now.to_string()), ("limit", "20".to_owned())];
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        let path = app::address(&path, &query);
        async move {
            let page = client::get::<ActivityPage>(path).await?;
            let over = page.items.into_iter().filter(|activity| model::is_over(activity, now));
            Ok(Slice {
                items: over.collect(),
                next: page.next,
                total: page.total,
            })
        }
    });
    let done = move || {
        if let Some(failure) = past.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| past.reload()/> }.into_any();
        }
        let Some(items) = past.items.get() else {
            return view! { <Skeleton lines=4/> }.into_any();
        };
        if items.is_empty() {
            return view! { <p class="soft">{t!("activities.none_done")}</p> }.into_any();
        }
        model::by_year(items)
            .into_iter()
            .map(|(year, items)| {
                view! {
                    <section class="stack" aria-labelledby=format!("year-{year}")>
                        <h4 id=format!("year-{year}") class="agenda-year">{year.to_string()}</h4>
                        <ol class="agenda">{items.into_iter().map(|activity| entry(activity, now)).collect_any()}</ol>
                    </section>
                }
            })
            .collect_any()
    };
    view! {
        <section class="stack" aria-labelledby="activities">
            <div class="row">
                <h2 id="activities">{t!("activities.title")}</h2>
                {may_add
                    .then(|| {
                        view! { <LinkButton href=format!("/partnerships/{id}/activities/new") label=t!("activities.add") look=Look::Secondary icon=Icon::Plus/> }
                    })}
            </div>
            <h3 class="minor">{t!("activities.coming")}</h3>
            <Loaded
                of=coming
                lines=4
                view=move |page: ActivityPage| {
                    if page.items.is_empty() {
                        return view! { <p class="soft">{t!("activities.none_coming")}</p> }.into_any();
                    }
                    view! { <ol class="agenda">{page.items.into_iter().map(|activity| entry(activity, now)).collect_any()}</ol> }.into_any()
                }
            />
            <h3 class="minor">{t!("activities.done")}</h3>
            {live(done)}
            <More
                there=Signal::derive(move || past.next.with(Option::is_some) && past.failure.with(Option::is_none))
                busy=past.busy
                on_more=move |()| past.more()
            />
            <p class="small soft">
                <a href=format!("/api/v1/partnerships/{id}/calendar") download=format!("{id}.ics") rel="external">{t!("activities.calendar")}</a> " "
                {t!("activities.calendar_words")}
            </p>
        </section>
    }
    .into_any()
}

fn entry(activity: ActivityView, now: NaiveDate) -> AnyView {
    let href = format!("/activities/{}", activity.id);
    let (starts_on, ends_on, state) = (activity.starts_on, activity.ends_on, activity.state);
    let is_running = state != ActivityState::Cancelled && starts_on <= now && now <= ends_on;
    let is_unconfirmed = state == ActivityState::Planned && ends_on < now;
    let class = match state {
        ActivityState::Cancelled => "agenda-entry agenda-off",
        _ if ends_on < now => "agenda-entry agenda-past",
        _ => "agenda-entry",
    };
    let title = activity.title.clone();
    let activity = Kept::new(activity);
    view! {
        <li class=class>
            <p class="agenda-days small">{live(move || days(starts_on, ends_on))}</p>
            <div class="agenda-words">
                <p class="agenda-title"><a href=href>{title}</a></p>
                <p class="small soft">
                    {live(move || activity.with_value(kind_words))} " · " {live(move || activity.with_value(figures))}
                </p>
                {(is_running || is_unconfirmed || state == ActivityState::Cancelled)
                    .then(|| {
                        view! {
                            <p class="row">
                                {(state == ActivityState::Cancelled).then(|| state_badge(state))}
                                {is_running.then(|| view! { <Badge label=t!("activities.running") tone=BadgeTone::Success/> })}
                                {is_unconfirmed.then(|| view! { <Badge label=t!("activities.unconfirmed") tone=BadgeTone::Warning/> })}
                            </p>
                        }
                    })}
            </div>
        </li>
    }
    .into_any()
}
