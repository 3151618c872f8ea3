//! What a call decided: the accepted projects with what each is granted, and what was reopened since.

use crate::applications::amount;
use crate::rounds::model::csv_line;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, t, text, textf, tf};
use leptos::prelude::*;
use shared::programmes::{PublishedProject, PublishedResults, PublishedState};
use wasm_bindgen_futures::spawn_local;

/// Projects that are fetched at once.
const AT_ONCE: usize = 100;

/// The results of a call.
#[component]
pub fn CallResultsPage() -> impl IntoView {
    let id = app::param("id");
    let results = load(move || client::get::<PublishedResults>(format!("/calls/{}/results?limit={AT_ONCE}", id.get())));
    view! { <Loaded of=results lines=10 view=|found: PublishedResults| sheet(found)/> }.into_any()
}

fn sheet(found: PublishedResults) -> AnyView {
    let PublishedResults {
        call_id,
        call_title,
        call_state,
        currency,
        applications,
        accepted,
        waitlisted,
        reopened,
        granted_minor,
        items,
        next,
    } = found;
    let titled = call_title.clone();
    let projects = State::new(items);
    let (next, busy) = (State::new(next), State::new(false));
    let failure = State::new(None::<client::Failure>);
    let more = move |()| {
        let Some(cursor) = next.get_untracked() else { return };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let path = format!("/calls/{call_id}/results?limit={AT_ONCE}&cursor={cursor}");
            let answer = client::get::<PublishedResults>(path).await;
            busy.try_set(false);
            match answer {
                Ok(page) => {
                    projects.try_update(|known| known.extend(page.items));
                    next.try_set(page.next);
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    let (sum, own) = (currency.clone(), Kept::new(currency));
    // The table is of all projects, also of those that are not on the page yet.
    let save = move |()| {
        spawn_local(async move {
            let mut all = projects.get_untracked();
            let mut rest = next.get_untracked();
            while let Some(cursor) = rest {
                let path = format!("/calls/{call_id}/results?limit={AT_ONCE}&cursor={cursor}");
                match client::get::<PublishedResults>(path).await {
                    Ok(page) => {
                        all.extend(page.items);
                        rest = page.next;
                    }
                    Err(problem) => {
                        failure.try_set(Some(problem));
                        return;
                    }
                }
            }
            let table = own.with_value(|currency| csv(&all, currency));
            if browser::hand_over(&format!("results-{call_id}.csv"), table).is_err() {
                toast::say(text!("round_result.export_failed"));
            }
        });
    };
    let figure = |label: Signal<String>, value: Signal<String>| {
        view! { <div><dt>{label}</dt> <dd class="numeric">{value}</dd></div> }.into_any()
    };
    view! {
        <PageHeader
            title=t!("call_results.title")
            lead=Signal::derive(move || i18n::own_text(&titled))
            crumbs=vec![
                Crumb::new("/calls", t!("nav.calls")),
                Crumb::new(format!("/calls/{call_id}"), Signal::derive(move || i18n::own_text(&call_title))),
            ]
        >
            <Button label=t!("campaign.export") look=Look::Secondary on_press=save/>
        </PageHeader>
        <div class="stack stack-l">
            {(!call_state.has_public_results()).then(|| view! { <Notice tone=Tone::Warning><p>{t!("call_results.unpublished")}</p></Notice> })}
            <dl class="campaign-figures">
                {figure(t!("campaign.applications"), Signal::derive(move || intl::count(applications as i64)))}
                {figure(t!("campaign.supported"), Signal::derive(move || intl::count(accepted as i64)))}
                {(waitlisted > 0).then(|| figure(t!("call_results.waitlisted"), Signal::derive(move || intl::count(waitlisted as i64))))}
                {figure(t!("call_results.granted"), Signal::derive(move || intl::money_short(granted_minor, &sum)))}
            </dl>
            {(reopened > 0).then(|| view! { <Notice><p>{t!("call_results.reopened", count = reopened)}</p></Notice> })}
            {live(move || {
                if projects.with(Vec::is_empty) {
                    return view! { <EmptyState title=t!("call_results.none") words=t!("call_results.none_words")/> }.into_any();
                }
                view! {
                    <Table
                        caption=t!("call_results.title")
                        caption_unseen=true
                        columns=vec![
                            Column::plain(t!("officer.project")),
                            Column::plain(t!("officer.cities")),
                            Column::plain(t!("files.state")),
                            Column::plain(t!("call_results.granted")).numeric(),
                        ]
                    >
                        {each(move || projects.get(), |project| project.application_id, move |project| row(project, own))}
                    </Table>
                }
                .into_any()
            })}
            {live(move || failure.get().map(|failure| view! { <ProblemView failure=failure/> }))}
            <More there=Signal::derive(move || next.with(Option::is_some)) busy=busy on_more=more/>
        </div>
    }
    .into_any()
}

fn csv(projects: &[PublishedProject], currency: &str) -> String {
    let digits = shared::money::exponent(currency);
    let mut table = csv_line(&[
        text!("officer.project"),
        text!("officer.cities"),
        text!("files.state"),
        text!("call_results.place"),
        text!("call_results.granted"),
        text!("call_results.currency"),
    ]);
    for project in projects {
        let mut names = vec![project.lead_name.clone()];
        names.extend(project.partner_names.iter().cloned());
        table.push_str(&csv_line(&[
            project.title.clone(),
            names.join(", "),
            textf!("call_result_state.", project.state.code()),
            project
                .waitlist_place
                .map_or_else(String::new, |place| place.to_string()),
            project.granted_minor.map_or_else(String::new, |amount| {
                amount::write(amount, digits, i18n::language_now())
            }),
            currency.to_owned(),
        ]));
    }
    table
}

fn row(project: PublishedProject, currency: Kept<String>) -> AnyView {
    let PublishedProject {
        title,
        state,
        lead_name,
        partner_names,
        countries,
        granted_minor,
        waitlist_place,
        reopened_at,
        ..
    } = project;
    let mut names = vec![lead_name];
    names.extend(partner_names);
    let tone = match state {
        PublishedState::Accepted => BadgeTone::Success,
        PublishedState::Waitlisted => BadgeTone::Accent,
        PublishedState::Reopened => BadgeTone::Warning,
        PublishedState::Removed => BadgeTone::Plain,
    };
    let amount = move || match granted_minor {
        Some(amount) => currency.with_value(|currency| intl::money_short(amount, currency)),
        None => "–".to_owned(),
    };
    view! {
        <tr>
            <th scope="row">{title}</th>
            <td data-label=t!("officer.cities")>
                {live(move || intl::list(&names))}
                <span class="small soft triage-call">{live(move || intl::list(&countries.iter().map(|code| intl::country(code)).collect::<Vec<_>>()))}</span>
            </td>
            <td data-label=t!("files.state")>
                <Badge label=tf!("call_result_state.", state.code()) tone=tone/>
                {waitlist_place.map(|place| view! { <span class="small soft triage-call">{t!("decision.place", place = place)}</span> })}
                {reopened_at.map(|at| view! { <span class="small soft triage-call">{live(move || text!("call_results.reopened_at", day = intl::date(at.date_naive())))}</span> })}
            </td>
            <td class="numeric" data-label=t!("call_results.granted")>{live(amount)}</td>
        </tr>
    }
    .into_any()
}
