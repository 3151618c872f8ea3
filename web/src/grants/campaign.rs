//! The figures of a year's calls: all together, call by call, country by country; and what is claimed of them.

use crate::rounds::model::csv_line;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, t, text};
use leptos::prelude::*;
use shared::campaigns::{CampaignPage as Found, CampaignView, FileFigures};

/// The latest campaign, or the one that the address names.
#[component]
pub fn CampaignsPage() -> impl IntoView {
    let wanted = app::query("id");
    let campaign = load(move || {
        let wanted = wanted.get();
        async move {
            let page = client::get::<Found>("/campaigns?limit=100").await?;
            let found = page.items.iter().find(|one| one.id.to_string() == wanted);
            match found.or(page.items.first()) {
                Some(one) => client::get::<CampaignView>(format!("/campaigns/{}", one.id))
                    .await
                    .map(Some),
                None => Ok(None),
            }
        }
    });
    let shown = |found: Option<CampaignView>| match found {
        Some(campaign) => sheet(campaign),
        None => view! {
            <PageHeader title=t!("campaign.title") crumbs=vec![Crumb::new("/calls", t!("nav.calls"))]/>
            <EmptyState title=t!("campaign.none") words=t!("campaign.none_words")/>
        }
        .into_any(),
    };
    view! { <Loaded of=campaign lines=10 view=shown/> }.into_any()
}

fn sheet(campaign: CampaignView) -> AnyView {
    let name = campaign.summary.name.clone();
    let (total, at) = (campaign.total, campaign.computed_at);
    let calls = campaign.calls.len();
    let kept = Kept::new(campaign.clone());
    let save = move |()| {
        let (name, table) =
            kept.with_value(|campaign| (format!("campaign-{}.csv", campaign.summary.year), csv(campaign)));
        if browser::hand_over(&name, table).is_err() {
            toast::say(text!("round_result.export_failed"));
        }
    };
    view! {
        <PageHeader
            title=Signal::derive(move || i18n::own_text(&name))
            lead=t!("campaign.lead", at = intl::date_time(at))
            crumbs=vec![Crumb::new("/calls", t!("nav.calls"))]
        >
            <Button label=t!("campaign.export") look=Look::Secondary on_press=save/>
        </PageHeader>
        <div class="stack stack-l">
            <dl class="campaign-figures">
                {figure(t!("campaign.calls"), Signal::derive(move || intl::count(calls as i64)))}
                {figure(t!("campaign.applications"), Signal::derive(move || intl::count(total.applications as i64)))}
                {figure(t!("campaign.supported"), Signal::derive(move || intl::count(total.supported as i64)))}
                {figure(t!("campaign.rate"), Signal::derive(move || rate(total)))}
            </dl>
            {claim(&campaign)}
            {money(&campaign)}
            {by_call(&campaign)}
            {by_country(&campaign)}
        </div>
    }
    .into_any()
}

fn rate(figures: FileFigures) -> String {
    figures
        .rate_bp
        .map_or_else(|| "–".to_owned(), |rate| intl::rate(rate.into()))
}

fn figure(label: Signal<String>, value: Signal<String>) -> AnyView {
    view! { <div><dt>{label}</dt> <dd class="numeric">{value}</dd></div> }.into_any()
}

/// What is claimed, flagged where the files say something else.
fn claim(campaign: &CampaignView) -> Option<AnyView> {
    let claim = campaign.claim.clone()?;
    let (differs, total, claimed) = (campaign.claim_differs, campaign.total, claim.rate_bp);
    let (author, source) = (claim.author, claim.source);
    let words = Signal::derive(move || {
        let said = intl::rate(claimed.into());
        if differs {
            text!(
                "campaign.claim_differs",
                author = author.clone(),
                said = said,
                computed = rate(total)
            )
        } else {
            text!("campaign.claim_same", author = author.clone(), said = said)
        }
    });
    let tone = if differs { Tone::Warning } else { Tone::Info };
    Some(
        view! {
            <Notice tone=tone>
                <p>{words}</p>
                <p class="small">{t!("campaign.source", source = source.clone())}</p>
            </Notice>
        }
        .into_any(),
    )
}

fn money(campaign: &CampaignView) -> AnyView {
    let FileFigures {
        asked_minor: asked,
        awarded_minor: awarded,
        disbursed_minor: paid,
        ..
    } = campaign.total;
    let currency = campaign.currency.clone();
    let own = currency.clone();
    let parts = Signal::derive(move || {
        let part = |label: String, amount: i64, series: &'static str| Part {
            label,
            value: amount as f64,
            words: intl::money_short(amount, &own),
            series,
        };
        vec![
            part(text!("grants.paid"), paid, "a"),
            part(text!("campaign.unpaid"), awarded - paid, "b"),
            part(text!("campaign.unsupported"), asked - awarded, "rest"),
        ]
    });
    view! {
        <section class="stack" aria-labelledby="campaign-money">
            <h2 id="campaign-money">{t!("campaign.money")}</h2>
            <StackedBar label=t!("campaign.asked_is", amount = intl::money_short(asked, &currency)) parts=parts/>
        </section>
    }
    .into_any()
}

/// A bar of applications, the supported ones in front; its figures stand beside it and in the table.
fn counted(label: Signal<String>, supported: u64, applications: u64, most: u64) -> AnyView {
    let width = |count: u64| format!("{:.2}%", count as f64 / most.max(1) as f64 * 100.0);
    view! {
        <li>
            <span class="reasons-label">{label}</span>
            <svg class="bar" height="14" focusable="false">
                <rect class="series-rest" width=width(applications) height="14" rx="3"></rect>
                <rect class="series-a" width=width(supported) height="14" rx="3"></rect>
            </svg>
            <span class="reasons-detail">{live(move || text!("campaign.of", supported = intl::count(supported as i64), applications = intl::count(applications as i64)))}</span>
        </li>
    }
    .into_any()
}

fn by_call(campaign: &CampaignView) -> AnyView {
    let most = campaign
        .calls
        .iter()
        .map(|call| call.figures.applications)
        .max()
        .unwrap_or(0);
    let title = |title: &shared::language::Texts| {
        let title = title.clone();
        Signal::derive(move || i18n::own_text(&title))
    };
    let bars = campaign
        .calls
        .iter()
        .map(|call| {
            counted(
                title(&call.title),
                call.figures.supported,
                call.figures.applications,
                most,
            )
        })
        .collect_any();
    let rows = campaign
        .calls
        .iter()
        .map(|call| {
            let (figures, currency) = (call.figures, campaign.currency.clone());
            let (asked, awarded) = (figures.asked_minor, figures.awarded_minor);
            let own = currency.clone();
            view! {
                <tr>
                    <th scope="row"><a href=format!("/calls/{}", call.call_id)>{title(&call.title)}</a></th>
                    <td class="numeric" data-label=t!("campaign.applications")>{figures.applications}</td>
                    <td class="numeric" data-label=t!("campaign.supported")>{figures.supported}</td>
                    <td class="numeric" data-label=t!("campaign.rate")>{live(move || rate(figures))}</td>
                    <td class="numeric" data-label=t!("grants.asked")>{live(move || intl::money_short(asked, &own))}</td>
                    <td class="numeric" data-label=t!("grants.awarded")>{live(move || intl::money_short(awarded, &currency))}</td>
                </tr>
            }
        })
        .collect_any();
    view! {
        <section class="stack" aria-labelledby="campaign-calls">
            <h2 id="campaign-calls">{t!("campaign.by_call")}</h2>
            <ul class="reasons-list campaign-bars" aria-hidden="true">{bars}</ul>
            <details class="twin">
                <summary>{t!("chart.table")}</summary>
                <Table
                    caption=t!("campaign.by_call")
                    caption_unseen=true
                    columns=vec![
                        Column::plain(t!("campaign.call")),
                        Column::plain(t!("campaign.applications")).numeric(),
                        Column::plain(t!("campaign.supported")).numeric(),
                        Column::plain(t!("campaign.rate")).numeric(),
                        Column::plain(t!("grants.asked")).numeric(),
                        Column::plain(t!("grants.awarded")).numeric(),
                    ]
                >
                    {rows}
                </Table>
            </details>
        </section>
    }
    .into_any()
}

fn by_country(campaign: &CampaignView) -> AnyView {
    let most = campaign.countries.iter().map(|of| of.applications).max().unwrap_or(0);
    let name = |code: &str| {
        let code = code.to_owned();
        Signal::derive(move || intl::country(&code))
    };
    let bars = campaign
        .countries
        .iter()
        .map(|of| counted(name(&of.country), of.supported, of.applications, most))
        .collect_any();
    let rows = campaign
        .countries
        .iter()
        .map(|of| {
            view! {
                <tr>
                    <th scope="row">{name(&of.country)}</th>
                    <td class="numeric" data-label=t!("campaign.applications")>{of.applications}</td>
                    <td class="numeric" data-label=t!("campaign.supported")>{of.supported}</td>
                </tr>
            }
        })
        .collect_any();
    view! {
        <section class="stack" aria-labelledby="campaign-countries">
            <h2 id="campaign-countries">{t!("campaign.by_country")}</h2>
            <ul class="reasons-list campaign-bars" aria-hidden="true">{bars}</ul>
            <details class="twin">
                <summary>{t!("chart.table")}</summary>
                <Table
                    caption=t!("campaign.by_country")
                    caption_unseen=true
                    columns=vec![
                        Column::plain(t!("campaign.country")),
                        Column::plain(t!("campaign.applications")).numeric(),
                        Column::plain(t!("campaign.supported")).numeric(),
                    ]
                >
                    {rows}
                </Table>
            </details>
        </section>
    }
    .into_any()
}

/// A line for each call, and one for all: rates in percent, amounts in whole units, as spreadsheets reckon with them.
fn csv(campaign: &CampaignView) -> String {
    let in_currency = |head: String| format!("{head} ({})", campaign.currency);
    let exponent = shared::money::exponent(&campaign.currency);
    let heads = [
        text!("campaign.call"),
        text!("campaign.applications"),
        text!("campaign.supported"),
        format!("{} (%)", text!("campaign.rate")),
        in_currency(text!("grants.asked")),
        in_currency(text!("grants.awarded")),
        in_currency(text!("grants.paid")),
    ];
    let mut lines = vec![csv_line(&heads)];
    let mut line = |name: String, of: &FileFigures| {
        lines.push(csv_line(&[
            name,
            of.applications.to_string(),
            of.supported.to_string(),
            of.rate_bp.map(|rate| decimal(rate.into(), 2)).unwrap_or_default(),
            decimal(of.asked_minor, exponent),
            decimal(of.awarded_minor, exponent),
            decimal(of.disbursed_minor, exponent),
        ]));
    };
    for call in &campaign.calls {
        line(i18n::own_text(&call.title), &call.figures);
    }
    line(text!("campaign.all"), &campaign.total);
    format!("\u{feff}{}", lines.concat())
}

/// A whole number of hundredths (or what else the digits say) as a decimal number.
fn decimal(hundredths: i64, digits: u32) -> String {
    let unit = 10_i64.pow(digits);
    if digits == 0 {
        return hundredths.to_string();
    }
    format!(
        "{}.{:0width$}",
        hundredths / unit,
        hundredths % unit,
        width = digits as usize
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_in_parts_is_written_as_a_decimal() {
        assert_eq!(decimal(5_759, 2), "57.59");
        assert_eq!(decimal(1_200_005, 2), "12000.05");
        assert_eq!(decimal(1_200, 0), "1200");
        assert_eq!(decimal(7, 3), "0.007");
    }
}
