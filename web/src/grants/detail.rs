//! A grant: where it stands, what is due next, what has been paid, and the reports.

use super::{act, instalment_badge, report_badge, state_badge};
use crate::activities::work::today;
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text, tf};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::grants::{FundingView, GrantInstalment, GrantReport, GrantState, InstalmentState};

/// A grant.
#[component]
pub fn GrantPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let grant = load(move || {
        known.track();
        client::get::<FundingView>(format!("/grants/{}", id.get()))
    });
    view! { <Loaded of=grant lines=10 view=move |view: FundingView| sheet(view, grant)/> }.into_any()
}

fn sheet(view: FundingView, loading: Loading<FundingView>) -> AnyView {
    let call = view.summary.call_title.clone();
    view! {
        <PageHeader
            title=Signal::stored(view.summary.title.clone())
            lead=Signal::derive(move || i18n::own_text(&call))
            crumbs=vec![Crumb::new("/grants", t!("nav.grants"))]
        />
        <div class="stack stack-l">
            {steps(view.summary.state)}
            <div class="split">
                <div class="stack stack-l">
                    {act::next(&view, loading)}
                    {money(&view)}
                    {instalments(&view)}
                    {reports(&view)}
                </div>
                <aside class="stack" aria-label=t!("grants.contract_facts")>{facts(&view)}</aside>
            </div>
        </div>
    }
    .into_any()
}

fn steps(now: GrantState) -> AnyView {
    let items = GrantState::ALL
        .iter()
        .map(|&state| {
            let class = if state < now {
                "grant-stage grant-past"
            } else {
                "grant-stage"
            };
            let is_over = state < now || now == GrantState::Closed;
            view! {
                <li class=class aria-current=(state == now).then_some("step")>
                    <span class="grant-sign" aria-hidden="true">{is_over.then(|| icon(Icon::Check))}</span>
                    <span>{tf!("grant_state.", state.code())}</span>
                </li>
            }
        })
        .collect_any();
    view! { <ol class="grant-stages" aria-label=t!("grants.stages")>{items}</ol> }.into_any()
}

fn money(view: &FundingView) -> AnyView {
    let (paid, whole) = (view.summary.disbursed_minor, view.summary.awarded_minor);
    let is_coming =
        |part: &&GrantInstalment| matches!(part.state, InstalmentState::Requested | InstalmentState::Approved);
    let coming: i64 = view
        .life
        .instalments
        .iter()
        .filter(is_coming)
        .map(|part| part.amount_minor)
        .sum();
    let currency = view.summary.currency.clone();
    let own = currency.clone();
    let parts = Signal::derive(move || {
        let part = |label: String, amount: i64, series: &'static str| Part {
            label,
            value: amount as f64,
            words: intl::money(amount, &own),
            series,
        };
        let mut parts = vec![part(text!("grants.paid"), paid, "a")];
        if coming > 0 {
            parts.push(part(text!("grants.coming"), coming, "b"));
        }
        parts.push(part(text!("grants.rest"), whole - paid - coming, "rest"));
        parts
    });
    view! { <StackedBar label=t!("grants.awarded_is", amount = intl::money(whole, &currency)) parts=parts/> }.into_any()
}

fn instalments(view: &FundingView) -> AnyView {
    let currency = Kept::new(view.summary.currency.clone());
    let rows = view.life.instalments.iter().map(move |part| {
        let GrantInstalment {
            number,
            amount_minor,
            state,
            after_final_report,
            paid_on,
            ..
        } = *part;
        let reason = part.reason.clone();
        let needs = if after_final_report {
            t!("grants.needs_final")
        } else if part.report.is_some() {
            t!("grants.needs_interim")
        } else {
            t!("grants.needs_signature")
        };
        view! {
            <tr>
                <th scope="row">{number}</th>
                <td class="numeric" data-label=t!("grants.amount")>{live(move || currency.with_value(|currency| intl::money(amount_minor, currency)))}</td>
                <td data-label=t!("grants.condition")>{needs}</td>
                <td data-label=t!("files.state")>
                    {instalment_badge(state)}
                    {paid_on.map(|day| view! { <span class="small soft triage-call">{live(move || intl::date(day))}</span> })}
                    {reason.map(|reason| view! { <span class="small triage-call">{reason}</span> })}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_any();
    view! {
        <section class="stack" aria-labelledby="grant-instalments">
            <h2 id="grant-instalments">{t!("grants.instalments")}</h2>
            <Table
                caption=t!("grants.instalments")
                caption_unseen=true
                columns=vec![
                    Column::plain(t!("grants.number")),
                    Column::plain(t!("grants.amount")).numeric(),
                    Column::plain(t!("grants.condition")),
                    Column::plain(t!("files.state")),
                ]
            >
                {rows}
            </Table>
        </section>
    }
    .into_any()
}

fn reports(view: &FundingView) -> AnyView {
    let interim = view.life.instalments.iter().filter_map(|part| {
        let number = part.number;
        Some((t!("grants.interim", number = number), part.report.as_ref()?))
    });
    let items = interim
        .chain([(t!("grants.final"), &view.life.final_report)])
        .map(|(name, report)| one_report(name, report, &view.summary.currency))
        .collect_any();
    view! {
        <section class="stack" aria-labelledby="grant-reports">
            <h2 id="grant-reports">{t!("grants.reports")}</h2>
            {items}
        </section>
    }
    .into_any()
}

fn one_report(name: Signal<String>, report: &GrantReport, currency: &str) -> AnyView {
    let due_on = report.due_on;
    let overdue = report.is_missing() && due_on < today();
    let handed_in = report.handed_in_at;
    let reason = report.reason.clone();
    let spent = report.spent_minor.map(|spent| (spent, currency.to_owned()));
    let words = report
        .text
        .split("\n\n")
        .filter(|text| !text.trim().is_empty())
        .map(|text| view! { <p class="measure">{text.to_owned()}</p> })
        .collect_any();
    view! {
        <article class="sheet stack grant-report">
            <div class="row">
                <h3 class="minor">{name}</h3>
                {report_badge(report.state, overdue)}
            </div>
            <p class="small soft">
                {match handed_in {
                    Some(at) => live(move || text!("grants.handed_in_on", day = intl::day_of(at))),
                    None => live(move || text!("grants.report_until", day = intl::date(due_on))),
                }}
            </p>
            {reason.map(|reason| view! { <Notice tone=Tone::Warning><p>{reason}</p></Notice> })}
            {words}
            {spent.map(|(spent, currency)| view! { <p>{live(move || text!("grants.spent_is", amount = intl::money(spent, &currency)))}</p> })}
        </article>
    }
    .into_any()
}

fn facts(view: &FundingView) -> AnyView {
    let summary = &view.summary;
    let (asked, awarded, paid) = (summary.asked_minor, summary.awarded_minor, summary.disbursed_minor);
    let currency = Kept::new(summary.currency.clone());
    let amount = move |minor: i64| live(move || currency.with_value(|currency| intl::money(minor, currency)));
    let day = view.life.contracted_on;
    let signed = |at: Option<DateTime<Utc>>| match at {
        Some(at) => live(move || intl::day_of(at)),
        None => live(|| text!("grants.unsigned")),
    };
    let partners = summary.partner_names.clone();
    view! {
        <section class="sheet stack" aria-labelledby="grant-facts">
            <h2 id="grant-facts" class="minor">{t!("grants.contract_facts")}</h2>
            <p>{state_badge(summary.state)}</p>
            <dl class="facts">
                <div><dt>{t!("grants.reference")}</dt> <dd>{summary.reference.clone()}</dd></div>
                <div><dt>{t!("grants.contracted_on")}</dt> <dd>{live(move || intl::date(day))}</dd></div>
                <div><dt>{t!("grants.lead_signed")}</dt> <dd>{signed(view.life.lead_signed_at)}</dd></div>
                <div><dt>{t!("grants.funder_signed")}</dt> <dd>{signed(view.life.funder_signed_at)}</dd></div>
                <div><dt>{t!("grants.lead_city")}</dt> <dd>{summary.lead_name.clone()}</dd></div>
                <div><dt>{t!("grants.partners")}</dt> <dd>{live(move || intl::list(&partners))}</dd></div>
                <div><dt>{t!("grants.asked")}</dt> <dd class="numeric">{amount(asked)}</dd></div>
                <div><dt>{t!("grants.awarded")}</dt> <dd class="numeric">{amount(awarded)}</dd></div>
                <div><dt>{t!("grants.paid")}</dt> <dd class="numeric">{amount(paid)}</dd></div>
            </dl>
            <p><a href=format!("/applications/{}", summary.application_id)>{t!("grants.file")}</a></p>
        </section>
    }
    .into_any()
}
