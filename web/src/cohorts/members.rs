//! The cities of a cohort, those whose letter waits first: for anybody who has signed; for who leads it all, with what is to be
//! done next, all drafts at once, and the list as a table.

use super::on_map::on_map;
use super::{city_name, letter_badge, level_words, way_words};
use crate::form::Form;
use crate::rounds::model::csv_line;
use crate::ui::prelude::*;
use crate::{app, browser, client, t, text, textf};
use leptos::prelude::*;
use shared::cohorts::{
    CohortAction, CohortLevel, CohortMemberPage, CohortMemberView, CohortView, Filing, LetterAction, SendingReport,
    WORD_MAX,
};
use shared::ids::{CohortId, CohortMemberId};
use wasm_bindgen_futures::spawn_local;

/// Cities that are asked for at once.
const PAGE: &str = "100";

/// A letter that is to be filed: whose, and its version.
type Filed = Option<(CohortMemberId, i64)>;

/// The cities of a cohort.
#[component]
pub fn Members(
    /// The cohort.
    of: CohortView,
    /// Its page, which is read again afterwards.
    cohort: Loading<CohortView>,
) -> impl IntoView {
    let id = of.id;
    let list = grow(move |cursor: Option<String>| {
        let mut query = vec![("limit", PAGE.to_owned())];
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        slice::<CohortMemberPage>(app::address(&format!("/cohorts/{id}/members"), &query))
    });
    let leads = of.allowed.contains(&CohortAction::Update);
    let sends = of
        .allowed
        .contains(&CohortAction::SendLetters)
        .then_some(of.counts.drafted);
    let filing: State<Filed> = State::new(None);
    let levels = Kept::new(of.levels.clone());
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=4/> }.into_any(),
            Some(true) if leads => view! { <p>{t!("cohorts.no_cities")}</p> }.into_any(),
            Some(true) => view! { <p>{t!("cohorts.no_signed")}</p> }.into_any(),
            Some(false) => {
                let row = move |member: CohortMemberView| {
                    levels.with_value(|levels| entry(&member, levels, list, cohort, filing))
                };
                view! {
                    <Table
                        caption=t!("cohorts.cities")
                        caption_unseen=true
                        columns=vec![
                            Column::plain(t!("cohorts.city")),
                            Column::plain(t!("cohorts.way")),
                            Column::plain(t!("cohorts.letter")),
                            Column::plain(t!("cohorts.next")),
                        ]
                    >
                        {each(move || list.items.get().unwrap_or_default(), |member| (member.id, member.version), row)}
                    </Table>
                }
                .into_any()
            }
        }
    };
    view! {
        <section class="stack" aria-labelledby="cohort-cities">
            <h2 id="cohort-cities">{t!("cohorts.cities")}</h2>
            <div class="row no-print">
                {sends.map(|count| view! { <SendAll id=id count=count list=list cohort=cohort/> })}
                {leads
                    .then(|| view! { <Button label=t!("cohorts.csv") look=Look::Quiet icon=Icon::Download on_press=move |()| hand_over(id, list)/> })}
            </div>
            {on_map(list)}
            {live(body)}
            <More
                there=Signal::derive(move || list.next.with(Option::is_some) && list.failure.with(Option::is_none))
                busy=list.busy
                on_more=move |()| list.more()
            />
            {leads.then(|| filing_dialog(filing, list, cohort))}
        </section>
    }
    .into_any()
}

#[component]
fn SendAll(id: CohortId, count: u32, list: Growing<CohortMemberView>, cohort: Loading<CohortView>) -> impl IntoView {
    let busy = State::new(false);
    let send = move |()| {
        busy.set(true);
        spawn_local(async move {
            let answer = client::post::<_, SendingReport>(format!("/cohorts/{id}/send"), &()).await;
            busy.try_set(false);
            toast::say(match answer {
                Ok(report) => text!("cohorts.sent", count = report.sent),
                Err(failure) => failure_sentence(&failure),
            });
            list.reload();
            cohort.reload();
        });
    };
    view! { <Button label=t!("cohorts.send_all", count = count) icon=Icon::Send busy=busy on_press=send/> }.into_any()
}

fn entry(
    of: &CohortMemberView,
    levels: &[CohortLevel],
    list: Growing<CohortMemberView>,
    cohort: Loading<CohortView>,
    filing: State<Filed>,
) -> AnyView {
    let (id, version) = (of.id, of.version);
    let (city, place) = (of.city.clone(), of.clone());
    let (href, about) = (format!("/cities/{}", of.city.id), of.city.clone());
    let chosen = of.levels.clone();
    let levels = levels.to_vec();
    let inside = of.referent.is_some();
    let about = Signal::derive(move || city_name(&about));
    let may = |action: LetterAction| of.letter_actions.contains(&action);
    let busy = State::new(false);
    let send = move |()| {
        busy.set(true);
        spawn_local(async move {
            let path = format!("/cohort-members/{id}/send");
            let answer = client::act::<_, CohortMemberView>(path, version, &()).await;
            busy.try_set(false);
            toast::say(match answer {
                Ok(_) => text!("cohorts.sent", count = 1),
                Err(failure) => failure_sentence(&failure),
            });
            list.reload();
            cohort.reload();
        });
    };
    view! {
        <tr>
            <td data-label=t!("cohorts.city")><a href=href>{live(move || city_name(&city))}</a></td>
            <td data-label=t!("cohorts.way")>
                <p>{live(move || way_words(&place))}</p>
                <p class="small soft">{live(move || level_words(&levels, &chosen))}</p>
            </td>
            <td data-label=t!("cohorts.letter")>{letter_badge(of.letter.state, of.letter.late)}</td>
            <td data-label=t!("cohorts.next")>
                <div class="row">
                    {may(LetterAction::Send)
                        .then(|| view! { <Button label=t!("engagement.send") about=about look=Look::Secondary busy=busy on_press=send/> })}
                    {may(LetterAction::File)
                        .then(|| view! { <Button label=t!("engagement.file") about=about look=Look::Secondary on_press=move |()| filing.set(Some((id, version)))/> })}
                    {inside
                        .then(|| view! { <a href=format!("/cohort-members/{id}")>{t!("engagement.open")} <span class="unseen">" " {about}</span></a> })}
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// The dialog that asks under which reference a letter is filed.
fn filing_dialog(filing: State<Filed>, list: Growing<CohortMemberView>, cohort: Loading<CohortView>) -> AnyView {
    let open = State::new(false);
    effect(move || {
        if filing.get().is_some() {
            open.set(true);
        }
    });
    // Closed without an answer, it forgets whose letter it asked for, so that the same one opens it again.
    effect(move || {
        if !open.get() {
            filing.set(None);
        }
    });
    let form = Form::new("cohort:filing");
    let reference = form.field("filing-reference", "/reference", "");
    let send = move || {
        let Some((id, version)) = filing.get_untracked() else {
            return;
        };
        form.clear();
        form.busy.set(true);
        let told = Filing {
            reference: reference.trimmed(),
        };
        spawn_local(async move {
            let path = format!("/cohort-members/{id}/file");
            let answer = client::act::<_, CohortMemberView>(path, version, &told).await;
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    reference.text.try_set(String::new());
                    open.try_set(false);
                    toast::say(text!("engagement.filed"));
                    list.reload();
                    cohort.reload();
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <Dialog id="cohort-filing" title=t!("engagement.file_title") open=open>
            <form class="stack" novalidate on:submit=submit(form.busy, send)>
                <ErrorSummary form=form/>
                <TextField field=reference label=t!("engagement.reference") hint=t!("engagement.reference_hint", max = WORD_MAX)/>
                <div class="row">
                    <Button label=t!("engagement.file") submit=true busy=form.busy/>
                    <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Hands the cities that were read over as a table.
fn hand_over(id: CohortId, list: Growing<CohortMemberView>) {
    let heads = [
        text!("cohorts.city"),
        text!("cohorts.way"),
        text!("place.levels"),
        text!("cohorts.letter"),
        text!("engagement.signatory"),
        text!("engagement.signed_on"),
        text!("engagement.reference"),
        text!("place.referent"),
        text!("place.email"),
    ];
    let mut lines = vec![csv_line(&heads)];
    for of in list.items.get_untracked().unwrap_or_default() {
        let (signature, referent) = (of.letter.signature.as_ref(), of.referent.as_ref());
        lines.push(csv_line(&[
            of.city.name.clone(),
            way_words(&of),
            of.levels.join("; "),
            textf!("engagement_state.", of.letter.state.code()),
            signature.map(|signature| signature.name.clone()).unwrap_or_default(),
            signature.map(|signature| signature.on.to_string()).unwrap_or_default(),
            of.letter.reference.clone().unwrap_or_default(),
            referent.map(|referent| referent.name.clone()).unwrap_or_default(),
            referent.map(|referent| referent.email.clone()).unwrap_or_default(),
        ]));
    }
    if browser::hand_over(&format!("cohort-{id}.csv"), format!("\u{feff}{}", lines.concat())).is_err() {
        toast::say(text!("round_result.export_failed"));
    }
}
