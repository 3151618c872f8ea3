//! The committee's sheet: a dense table in the order of the ranking, the envelope above it, and what is done with
//! the files that are ticked.

use super::assign::{AssignForm, Reviewers};
use super::decide::DecideForm;
use super::envelope::Envelope;
use super::{affordability_badge, file_badge, points};
use crate::applications::handed_in_states;
use crate::client::Failure;
use crate::ui::filters::SetQuery;
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text, textf};
use leptos::prelude::*;
use shared::applications::ApplicationState;
use shared::ids::ApplicationId;
use shared::programmes::CallView;
use shared::reviews::ranking::WIDE_SPREAD;
use shared::reviews::{
    Affordability, CommitteePage as Sheet, CommitteeRow, DecisionReport, ReviewState, ShortlistDraft, ShortlistedFile,
};
use std::collections::BTreeSet;
use wasm_bindgen_futures::spawn_local;

const FILTERS: [&str; 5] = ["q", "state", "country", "theme", "affordability"];
/// The orders of the table, as the API names them.
const SORTS: [&str; 8] = [
    "rank",
    "-rank",
    "spread",
    "-spread",
    "title",
    "-title",
    "grant_asked_minor",
    "-grant_asked_minor",
];

/// What the page works on.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The call's id.
    pub call: Signal<String>,
    /// The sheet's rows.
    pub rows: Growing<CommitteeRow>,
    /// What is told of all files together.
    pub sheet: State<Option<Sheet>>,
    /// The files that are ticked.
    pub ticked: State<BTreeSet<ApplicationId>>,
}

impl Desk {
    /// The rows that are ticked; tracked.
    pub fn chosen(self) -> Vec<CommitteeRow> {
        let ticked = self.ticked.get();
        let mut rows = self.rows.items.get().unwrap_or_default();
        rows.retain(|row| ticked.contains(&row.application_id));
        rows
    }

    /// After something was done: the sheet as it now is, with nothing ticked.
    pub fn done(self) {
        self.ticked.try_set(BTreeSet::new());
        self.rows.reload();
    }
}

/// The committee's sheet of a call.
#[component]
pub fn CommitteePage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let call = load(move || {
        known.track();
        client::get::<CallView>(format!("/calls/{}", id.get()))
    });
    view! { <Loaded of=call lines=10 view=move |call: CallView| page(call)/> }.into_any()
}

fn page(call: CallView) -> AnyView {
    let title = call.title.clone();
    let lead = Signal::derive(move || i18n::own_text(&title));
    let path = format!("/calls/{}", call.id);
    let id = call.id.to_string();
    view! {
        <PageHeader
            title=t!("committee.title")
            lead=lead
            crumbs=vec![Crumb::new("/calls", t!("nav.calls")), Crumb::new(path.clone(), lead)]
        >
            <LinkButton href=format!("{path}/criteria") label=t!("criteria.title") look=Look::Secondary/>
        </PageHeader>
        <Committee of=call call=Signal::derive(move || id.clone())/>
    }
    .into_any()
}

#[component]
fn Committee(of: CallView, call: Signal<String>) -> impl IntoView {
    let values = FILTERS.map(|name| (name, app::query(name)));
    let sort = app::query("sort");
    let set = app::query_setter();
    let filters = memo(move || {
        values
            .iter()
            .map(|(name, value)| (*name, value.get()))
            .filter(|(_, value)| !value.is_empty())
            .collect::<Vec<_>>()
    });
    let order = memo(move || {
        let wanted = sort.get();
        if SORTS.contains(&wanted.as_str()) {
            wanted
        } else {
            SORTS[0].to_owned()
        }
    });
    let sheet = State::new(None::<Sheet>);
    let rows = grow(move |cursor: Option<String>| {
        let mut query = filters.get();
        query.push(("sort", order.get()));
        query.push(("limit", "100".to_owned()));
        match cursor {
            Some(cursor) => query.push(("cursor", cursor)),
            None => query.push(("count", "true".to_owned())),
        }
        let path = app::address(&format!("/calls/{}/committee", call.get()), &query);
        async move {
            let mut page = client::get::<Sheet>(path).await?;
            let slice = Slice {
                items: std::mem::take(&mut page.items),
                next: page.next.take(),
                total: page.total,
            };
            sheet.try_set(Some(page));
            Ok(slice)
        }
    });
    let desk = Desk {
        call,
        rows,
        sheet,
        ticked: State::new(BTreeSet::new()),
    };
    let count = move || match (rows.items.with(Option::is_some), rows.total.get()) {
        (true, Some(total)) => text!("files.count", count = total),
        _ => String::new(),
    };
    let body = move || {
        if let Some(failure) = rows.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| rows.reload()/> }.into_any();
        }
        let sealed = sheet.with(|sheet| sheet.as_ref().is_some_and(|sheet| sheet.sealed));
        match rows.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(true) if sealed => {
                let handed_in = sheet.with(|sheet| sheet.as_ref().map_or(0, |sheet| sheet.handed_in));
                view! { <EmptyState title=t!("committee.sealed") words=t!("committee.sealed_words", count = handed_in)/> }.into_any()
            }
            Some(true) => view! { <EmptyState title=t!("officer.none")/> }.into_any(),
            Some(false) => table(desk, order, set),
        }
    };
    view! {
        <div class="stack stack-l">
            <Envelope desk=desk call=of/>
            <Reviewers desk=desk/>
            <div class="stack">
                <FilterForm set=set/>
                <p class="results-count" role="status">{count}</p>
                <Bulk desk=desk/>
                {body}
                <More
                    there=Signal::derive(move || rows.next.with(Option::is_some) && rows.failure.with(Option::is_none))
                    busy=rows.busy
                    on_more=move |()| rows.more()
                />
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn FilterForm(set: SetQuery) -> impl IntoView {
    let q = query_field("q", "q", 250, set);
    let state = query_field("state", "filter-state", 0, set);
    let theme = query_field("theme", "filter-theme", 0, set);
    let country = query_field("country", "filter-country", 0, set);
    let affordability = query_field("affordability", "filter-affordability", 0, set);
    let themes = Signal::derive(i18n::themes);
    let said = Signal::derive(|| {
        Affordability::ALL
            .iter()
            .map(|said| (said.code().to_owned(), textf!("affordability.", said.code())))
            .collect::<Vec<_>>()
    });
    view! {
        <form class="triage-filters committee-filters" role="search" aria-label=t!("cities.filters") on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <TextField field=q label=t!("files.words") kind=Kind::Search/>
            <Select field=state label=t!("files.state") options=Signal::derive(handed_in_states) none=t!("files.any_state")/>
            <Select field=theme label=t!("file.themes") options=themes none=t!("cities.any_theme")/>
            <Select field=country label=t!("reviews.countries") options=Signal::derive(intl::countries) none=t!("cities.any_country")/>
            <Select field=affordability label=t!("committee.affords") options=said none=t!("committee.any")/>
        </form>
    }
    .into_any()
}

fn table(desk: Desk, order: Derived<String>, set: SetQuery) -> AnyView {
    let on_sort = move |wanted: String| set.run(vec![("sort", wanted)]);
    let rows = desk.rows;
    view! {
        <div class="dense committee">
            <Table
                caption=t!("committee.title")
                caption_unseen=true
                columns=vec![
                    Column::sorted("rank", t!("committee.rank")).numeric(),
                    Column::sorted("title", t!("officer.project")),
                    Column::plain(t!("committee.mean")).numeric(),
                    Column::sorted("spread", t!("committee.spread")).numeric(),
                    Column::plain(t!("committee.reviews")),
                    Column::sorted("grant_asked_minor", t!("officer.asked")).numeric(),
                    Column::plain(t!("committee.cumulated")).numeric(),
                    Column::plain(t!("files.state")),
                ]
                sort=order
                on_sort=on_sort
            >
                {each(move || rows.items.get().unwrap_or_default(), |row| (row.application_id, row.version, row.rank, row.cumulated_minor, row.reviews.len(), row.filed), move |file| row(desk, file))}
            </Table>
        </div>
    }
    .into_any()
}

fn row(desk: Desk, row: CommitteeRow) -> AnyView {
    let currency = desk
        .sheet
        .with_untracked(|sheet| sheet.as_ref().map(|sheet| sheet.currency.clone()))
        .unwrap_or_default();
    let id = row.application_id;
    let undecided = matches!(
        row.affordability,
        Affordability::Within | Affordability::Beyond | Affordability::FitsTheRest
    );
    let mut names = vec![row.lead_name];
    names.extend(row.partner_names);
    let countries = row.countries;
    let rank = row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    let (tied, mean, spread, filed) = (row.tied, row.mean, row.spread, row.filed);
    let priority = row.priority_points;
    let given = row
        .reviews
        .iter()
        .filter(|review| review.state != ReviewState::Conflict)
        .count();
    let reviewers: Vec<String> = row
        .reviews
        .iter()
        .map(|review| match review.state {
            ReviewState::Conflict => format!("⊘ {}", review.reviewer_name),
            ReviewState::Filed => format!("✓ {}", review.reviewer_name),
            _ => review.reviewer_name.clone(),
        })
        .collect();
    let (asked, granted, cumulated) = (row.grant_asked_minor, row.granted_minor, row.cumulated_minor);
    let whole = desk
        .sheet
        .with_untracked(|sheet| sheet.as_ref().and_then(|sheet| sheet.envelope_minor));
    let (own, other) = (currency.clone(), currency.clone());
    let title = row.title.clone();
    view! {
        <tr>
            <td class="numeric" data-label=t!("committee.rank")>
                {live(move || if tied { text!("committee.tied", rank = rank.clone()) } else { rank.clone() })}
            </td>
            <th scope="row">
                <span class="committee-pick">
                    {undecided
                        .then(|| {
                            view! {
                                <input
                                    type="checkbox"
                                    aria-label=t!("committee.tick", title = title.clone())
                                    prop:checked=by(move || desk.ticked.with(|ticked| ticked.contains(&id)))
                                    on:change=on(move |event| {
                                        let is_on = crate::browser::event_checked(&event);
                                        desk.ticked
                                            .update(|ticked| {
                                                if is_on { ticked.insert(id) } else { ticked.remove(&id) };
                                            });
                                    })
                                />
                            }
                        })}
                    <a class="triage-link" href=format!("/applications/{id}")>{row.title}</a>
                </span>
                <span class="small soft triage-call">{live(move || intl::list(&names))}</span>
                <span class="small soft triage-call">{live(move || intl::list(&countries.iter().map(|code| intl::country(code)).collect::<Vec<_>>()))}</span>
            </th>
            <td class="numeric" data-label=t!("committee.mean")>
                <strong>{live(move || mean.map_or_else(|| "–".to_owned(), points))}</strong>
                {(priority > 0).then(|| view! { <span class="small soft triage-call">{t!("committee.priority", points = priority)}</span> })}
            </td>
            <td class="numeric" class:committee-wide=spread.is_some_and(|spread| spread >= WIDE_SPREAD) data-label=t!("committee.spread")>
                {live(move || spread.map_or_else(|| "–".to_owned(), points))}
            </td>
            <td data-label=t!("committee.reviews")>
                {format!("{filed}/{given}")}
                <span class="small soft triage-call">{live(move || intl::list(&reviewers))}</span>
            </td>
            <td class="numeric" data-label=t!("officer.asked")>
                {live(move || intl::money_short(asked, &currency))}
                {granted.map(|granted| view! { <span class="small soft triage-call">{live(move || text!("committee.granted", amount = intl::money_short(granted, &own)))}</span> })}
            </td>
            <td class="numeric" data-label=t!("committee.cumulated")>
                {live(move || intl::money_short(cumulated, &other))}
                {whole.map(|whole| crate::ui::chart::bar(cumulated as f64 / (whole.max(1)) as f64, "bar-a"))}
            </td>
            <td data-label=t!("files.state")>
                <span class="committee-state">{file_badge(row.state)} {affordability_badge(row.affordability)}</span>
            </td>
        </tr>
    }
    .into_any()
}

/// What is done with the files that are ticked.
#[component]
fn Bulk(desk: Desk) -> impl IntoView {
    let decides = State::new(false);
    let assigns = State::new(false);
    let tick = move |()| {
        let within = desk.rows.items.with_untracked(|rows| {
            let rows = rows.iter().flatten();
            rows.filter(|row| row.affordability == Affordability::Within)
                .map(|row| row.application_id)
                .collect::<BTreeSet<_>>()
        });
        desk.ticked.set(within);
    };
    let busy = State::new(false);
    // Files that are on the shortlist already are taken off, where nothing else is ticked.
    let takes_off = move || {
        let rows = desk.chosen();
        rows.iter().all(|row| row.state == ApplicationState::Shortlisted)
    };
    let shortlist = move |()| {
        let shortlisted = !untrack(takes_off);
        let items = untrack(move || desk.chosen()).into_iter().map(|row| ShortlistedFile {
            application_id: row.application_id,
            version: row.version,
        });
        let draft = ShortlistDraft {
            items: items.collect(),
            shortlisted,
        };
        let path = format!("/calls/{}/shortlist", desk.call.get_untracked());
        busy.set(true);
        spawn_local(async move {
            let answer: Result<DecisionReport, Failure> = client::post(path, &draft).await;
            busy.try_set(false);
            match answer {
                Ok(report) if shortlisted => toast::say(text!("shortlist.put_many", count = report.items.len())),
                Ok(report) => toast::say(text!("shortlist.taken_off_many", count = report.items.len())),
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
            desk.done();
        });
    };
    let can_decide = move || {
        desk.sheet
            .with(|sheet| sheet.as_ref().is_some_and(|sheet| sheet.can_decide))
    };
    view! {
        <div class="row row-apart no-print">
            <p role="status">{live(move || text!("committee.ticked", count = desk.ticked.with(BTreeSet::len)))}</p>
            <div class="row">
                <Button label=t!("committee.tick_within") look=Look::Quiet on_press=tick/>
                {live(move || {
                    let any = desk.ticked.with(|ticked| !ticked.is_empty());
                    view! {
                        {any.then(|| view! { <Button label=t!("committee.give") look=Look::Secondary on_press=move |()| assigns.set(true)/> })}
                        {(any && can_decide())
                            .then(|| {
                                let label = if takes_off() { t!("shortlist.take_off") } else { t!("shortlist.put") };
                                view! { <Button label=label look=Look::Secondary busy=busy on_press=shortlist/> }
                            })}
                        {(any && can_decide()).then(|| view! { <Button label=t!("officer.decide") icon=Icon::Edit on_press=move |()| decides.set(true)/> })}
                    }
                })}
            </div>
        </div>
        <Dialog id="decide-dialog" title=t!("officer.decide") open=decides>
            <DecideForm desk=desk open=decides/>
        </Dialog>
        <Dialog id="assign-dialog" title=t!("committee.give") open=assigns>
            <AssignForm desk=desk open=assigns/>
        </Dialog>
    }
    .into_any()
}
