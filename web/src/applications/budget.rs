//! The budget: costs by head and country, contributions by who pays, the grant asked for; the rules' answer beside it as one types.

use super::assessment::{AssessmentPanel, Judged};
use super::desk::Desk;
use super::rows::{ContributionRow, GRANT, LineRow, cell};
use super::time;
use crate::cities;
use crate::form::error_sentence;
use crate::ui::prelude::*;
use crate::{browser, i18n, t, text};
use leptos::prelude::*;
use shared::budget::assess;
use shared::ids::CityId;
use shared::partnerships::PartyRole;

/// Words for a choice: the value and what is read.
type Options = Signal<Vec<(String, String)>>;

/// The value of "another country", which opens the whole list.
const MORE: &str = "*";

/// The step of the budget.
#[component]
pub fn BudgetStep(
    /// The file.
    desk: Desk,
) -> impl IntoView {
    let all_countries = State::new(false);
    let currency = Kept::new(desk.rules.with_value(|rules| rules.currency.clone()));
    let own_country = desk.rules.with_value(|rules| rules.own_country.clone());
    let by_head = desk
        .rules
        .with_value(|rules| rules.resource_lines.iter().any(|line| !line.heads.is_empty()));
    let heads: Options = Signal::derive(move || {
        desk.rules.with_value(|rules| {
            rules
                .heads
                .iter()
                .map(|head| (head.code.clone(), i18n::own_text(&head.label)))
                .collect::<Vec<_>>()
        })
    });
    let countries: Options = Signal::derive(move || country_options(desk, all_countries.get()));
    let payers: Options = Signal::derive(move || {
        let mut options: Vec<(String, String)> = desk.view.with(|view| {
            let parties = view.parties.iter();
            parties
                .map(|party| (party.city.id.to_string(), cities::name(&party.city)))
                .collect()
        });
        options.push((String::new(), text!("budget.other_funder")));
        options
    });
    let assessment = memo(move || {
        let cities = desk.view.with(|view| {
            let counted = view.parties.iter().filter(|party| party.role != PartyRole::Associated);
            counted.count() as u32
        });
        let budget = desk.rows.with(|rows| rows.read().budget);
        desk.rules.with_value(|rules| assess(rules, &budget, cities))
    });
    let judged = Judged {
        rules: Signal::stored(desk.rules.get_value()),
        budget: Signal::derive(move || desk.rows.with(|rows| rows.read().budget)),
        cell_of: Callback::new(move |pointer: String| desk.rows.with_untracked(|rows| rows.cell_of(&pointer))),
    };
    let first_head =
        move || heads.with_untracked(|heads| heads.first().map(|(code, _)| code.clone()).unwrap_or_default());
    let add_line = {
        let country = own_country.clone();
        move |()| {
            let head = first_head();
            if let Some(key) = desk.rows.try_update(|rows| rows.add_line(&head, &country)) {
                browser::focus_soon(cell("line", key, "head"));
            }
        }
    };
    let add_contribution = move |()| {
        let lead = desk.view.with_untracked(|view| {
            view.parties
                .first()
                .map(|party| (party.city.id, party.city.country.clone()))
        });
        let (city, country) = lead.map_or((None, own_country.clone()), |(id, country)| (Some(id), country));
        if let Some(key) = desk.rows.try_update(|rows| rows.add_contribution(city, &country)) {
            browser::focus_soon(cell("contribution", key, "who"));
        }
    };
    let line_keys = move || desk.rows.with(|rows| rows.line_keys());
    let contribution_keys = move || {
        desk.rows
            .with(|rows| rows.contributions.iter().map(|row| row.key).collect::<Vec<_>>())
    };
    let most = move || {
        assessment.with(|found| {
            let contributed = found.resources_minor - desk.rows.with(|rows| rows.read().budget.grant_asked_minor);
            found.ceiling_minor.min((found.cost_minor - contributed).max(0))
        })
    };
    let ask_most = move |()| {
        let exponent = desk.rules.with_value(|rules| shared::money::exponent(&rules.currency));
        let text = super::amount::write(untrack(most), exponent, i18n::language_now());
        desk.rows.update(|rows| rows.grant = text);
    };
    let most_words = move || {
        let amount = currency.with_value(|currency| intl::money_short(most(), currency));
        text!("budget.ask_most", amount = amount)
    };
    let amount_label = t!("budget.amount", currency = currency.get_value());
    let mut columns = vec![
        Column::plain(t!("budget.who")),
        Column::plain(t!("budget.label")),
        Column::plain(t!("budget.country")),
        Column::plain(t!("budget.kind")),
    ];
    if by_head {
        columns.push(Column::plain(t!("budget.for_head")));
    }
    columns.push(Column::plain(amount_label).numeric());
    columns.push(Column::plain(t!("budget.actions")));
    view! {
        <div class="split budget-split">
            <div class="stack stack-l">
                <section class="stack" aria-labelledby="costs-title">
                    <h3 id="costs-title" tabindex="-1">{t!("budget.costs")}</h3>
                    <p class="soft">{t!("budget.costs_words")}</p>
                    <div class="budget-table">
                        <Table
                            caption=t!("budget.costs")
                            caption_unseen=true
                            columns=vec![
                                Column::plain(t!("budget.head")),
                                Column::plain(t!("budget.label")),
                                Column::plain(t!("budget.country")),
                                Column::plain(amount_label).numeric(),
                                Column::plain(t!("budget.actions")),
                            ]
                        >
                            {each(line_keys, |key| *key, move |key| line_row(desk, key, heads, countries, all_countries, amount_label))}
                        </Table>
                    </div>
                    <div class="row"><Button label=t!("budget.add_line") look=Look::Secondary icon=Icon::Plus on_press=add_line/></div>
                </section>
                <section class="stack" aria-labelledby="contributions-title">
                    <h3 id="contributions-title" tabindex="-1">{t!("budget.contributions")}</h3>
                    <p class="soft">{t!("budget.contributions_words")}</p>
                    <div class="budget-table">
                        <Table caption=t!("budget.contributions") caption_unseen=true columns=columns>
                            {each(
                                contribution_keys,
                                |key| *key,
                                move |key| contribution_row(desk, key, payers, countries, all_countries, by_head.then_some(heads), amount_label),
                            )}
                        </Table>
                    </div>
                    <div class="row"><Button label=t!("budget.add_contribution") look=Look::Secondary icon=Icon::Plus on_press=add_contribution/></div>
                </section>
                <section class="stack" aria-labelledby="grant-title">
                    <h3 id="grant-title">{t!("budget.grant")}</h3>
                    <div class="field">
                        <label for=GRANT>{t!("budget.grant_label", currency = currency.get_value())}</label>
                        {amount_input(
                            desk,
                            GRANT.to_owned(),
                            None,
                            Signal::derive(move || desk.rows.with(|rows| rows.grant.clone())),
                            Callback::new(move |text: String| desk.rows.update(|rows| rows.grant = text)),
                            None,
                        )}
                    </div>
                    <div class="row"><Button label=Signal::derive(most_words) look=Look::Quiet on_press=ask_most/></div>
                </section>
            </div>
            <AssessmentPanel judged=judged assessment=assessment/>
        </div>
    }
    .into_any()
}

/// The countries that costs are likely to be in; all that the rules allow once somebody asked for another one. Tracked.
fn country_options(desk: Desk, all: bool) -> Vec<(String, String)> {
    let (own, eligible) = desk
        .rules
        .with_value(|rules| (rules.own_country.clone(), rules.countries.clone()));
    let mut codes = vec![own];
    desk.view
        .with(|view| codes.extend(view.parties.iter().map(|party| party.city.country.clone())));
    desk.rows.with(|rows| {
        codes.extend(rows.lines.iter().map(|row| row.country.clone()));
        codes.extend(rows.contributions.iter().map(|row| row.country.clone()));
    });
    if all {
        codes.extend(if eligible.is_empty() {
            intl::countries().into_iter().map(|(code, _)| code).collect()
        } else {
            eligible
        });
    }
    let mut options: Vec<(String, String)> = Vec::new();
    for code in codes {
        if options.iter().all(|(known, _)| *known != code) {
            let name = intl::country(&code);
            options.push((code, name));
        }
    }
    if !all {
        options.push((MORE.to_owned(), text!("budget.more_countries")));
    }
    options
}

fn place(kind: &'static str, at: Option<usize>) -> String {
    let number = at.map_or(0, |at| at + 1);
    if kind == "line" {
        text!("budget.line_number", number = number)
    } else {
        text!("budget.contribution_number", number = number)
    }
}

/// A choice in a cell; its name is the column and the row.
fn cell_select(
    id: String,
    column: Signal<String>,
    row: Signal<String>,
    options: Options,
    value: Signal<String>,
    take: Callback<String>,
) -> AnyView {
    view! {
        <span class="select">
            <select
                class="input"
                id=id
                aria-label=by(move || format!("{}, {}", column.get(), row.get()))
                on:change=on(move |event| take.run(browser::event_text(&event)))
            >
                {live(move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(code, words)| {
                            let own = code.clone();
                            view! { <option value=code selected=by(move || value.with(|value| *value == own))>{words}</option> }
                        })
                        .collect_any()
                })}
            </select>
            {icon(Icon::ChevronDown)}
        </span>
    }
    .into_any()
}

fn cell_text(
    id: String,
    column: Signal<String>,
    row: Signal<String>,
    value: Signal<String>,
    take: Callback<String>,
) -> AnyView {
    view! {
        <input
            class="input"
            type="text"
            id=id
            aria-label=by(move || format!("{}, {}", column.get(), row.get()))
            prop:value=value
            on:input=on(move |event| take.run(browser::event_text(&event)))
        />
    }
    .into_any()
}

/// An amount or a time as it is typed, with what is wrong with it beside it. An amount that is `computed` from a time is only shown.
fn amount_input(
    desk: Desk,
    id: String,
    name: Option<Signal<String>>,
    value: Signal<String>,
    take: Callback<String>,
    computed: Option<Signal<bool>>,
) -> AnyView {
    let error_id = format!("{id}-error");
    let wrong = {
        let id = id.clone();
        memo(move || {
            let unreadable = desk.rows.with(|rows| rows.read().unreadable.contains(&id));
            if unreadable {
                return Some(if id.ends_with("-time") {
                    text!("budget.time_unreadable")
                } else {
                    text!("budget.unreadable")
                });
            }
            desk.wrong_cells.with(|cells| {
                let found = cells.iter().find(|(cell, _)| *cell == id);
                found.map(|(_, error)| error_sentence(error))
            })
        })
    };
    let described = error_id.clone();
    view! {
        <input
            class="input input-amount numeric"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            id=id
            prop:readOnly=by(move || computed.is_some_and(|computed| computed.get()))
            aria-label=by(move || name.map(|name| name.get()))
            aria-invalid=by(move || wrong.with(Option::is_some).then_some("true"))
            aria-describedby=by(move || wrong.with(Option::is_some).then(|| described.clone()))
            prop:value=value
            on:input=on(move |event| take.run(browser::event_text(&event)))
        />
        {live(move || wrong.get().map(|words| view! { <p class="field-error small" id=error_id.clone()>{icon(Icon::Problem)} <span>{words}</span></p> }))}
    }
    .into_any()
}

/// What a row's country select takes: a country, or the whole list.
fn take_country(all: State<bool>, take: Callback<String>) -> Callback<String> {
    Callback::new(move |code: String| {
        if code == MORE {
            all.set(true);
        } else {
            take.run(code);
        }
    })
}

fn line_row(
    desk: Desk,
    key: u32,
    heads: Options,
    countries: Options,
    all_countries: State<bool>,
    amount_label: Signal<String>,
) -> AnyView {
    let get = move |read: fn(&LineRow) -> String| {
        Signal::derive(move || {
            desk.rows.with(|rows| {
                let row = rows.lines.iter().find(|row| row.key == key);
                row.map(read).unwrap_or_default()
            })
        })
    };
    let set = move |write: fn(&mut LineRow, String)| {
        Callback::new(move |text: String| {
            desk.rows.update(|rows| {
                if let Some(row) = rows.lines.iter_mut().find(|row| row.key == key) {
                    write(row, text);
                }
            });
        })
    };
    let row = Signal::derive(move || {
        place(
            "line",
            desk.rows.with(|rows| rows.lines.iter().position(|row| row.key == key)),
        )
    });
    let name = Signal::derive(move || format!("{}, {}", amount_label.get(), row.get()));
    let remove = move |()| {
        let mut taken = None;
        desk.rows.update(|rows| {
            if let Some(at) = rows.lines.iter().position(|row| row.key == key) {
                taken = Some((at, rows.lines.remove(at)));
            }
        });
        browser::focus("costs-title");
        let undo = Callback::new(move |()| {
            if let Some((at, row)) = taken.clone() {
                desk.rows.try_update(|rows| {
                    let at = at.min(rows.lines.len());
                    // A removal that was saved took the line's id with it.
                    rows.lines.insert(at, LineRow { id: None, ..row });
                });
            }
        });
        toast::say_with_undo(text!("budget.removed"), undo);
    };
    let country_set = take_country(all_countries, set(|row, text| row.country = text));
    view! {
        <tr>
            <td data-label=t!("budget.head")>
                {cell_select(cell("line", key, "head"), t!("budget.head"), row, heads, get(|row| row.head.clone()), set(|row, text| row.head = text))}
            </td>
            <td data-label=t!("budget.label")>
                {cell_text(cell("line", key, "label"), t!("budget.label"), row, get(|row| row.label.clone()), set(|row, text| row.label = text))}
            </td>
            <td data-label=t!("budget.country")>
                {cell_select(cell("line", key, "country"), t!("budget.country"), row, countries, get(|row| row.country.clone()), country_set)}
            </td>
            <td class="numeric" data-label=amount_label>
                {amount_input(desk, cell("line", key, "amount"), Some(name), get(|row| row.amount.clone()), set(|row, text| row.amount = text), None)}
            </td>
            <td class="budget-remove"><IconButton label=Signal::derive(move || text!("budget.remove", row = row.get())) icon=Icon::Delete on_press=remove/></td>
        </tr>
    }
    .into_any()
}

fn contribution_row(
    desk: Desk,
    key: u32,
    payers: Options,
    countries: Options,
    all_countries: State<bool>,
    heads: Option<Options>,
    amount_label: Signal<String>,
) -> AnyView {
    let get = move |read: fn(&ContributionRow) -> String| {
        Signal::derive(move || {
            desk.rows.with(|rows| {
                let row = rows.contributions.iter().find(|row| row.key == key);
                row.map(read).unwrap_or_default()
            })
        })
    };
    let change = move |write: &dyn Fn(&mut ContributionRow)| {
        desk.rows.update(|rows| {
            if let Some(row) = rows.contributions.iter_mut().find(|row| row.key == key) {
                write(row);
            }
        });
    };
    let set = move |write: fn(&mut ContributionRow, String)| {
        Callback::new(move |text: String| change(&|row| write(row, text.clone())))
    };
    let row = Signal::derive(move || {
        let at = desk
            .rows
            .with(|rows| rows.contributions.iter().position(|row| row.key == key));
        place("contribution", at)
    });
    let name = Signal::derive(move || format!("{}, {}", amount_label.get(), row.get()));
    // A city's country is its own: only another funder's is asked.
    let choose_payer = Callback::new(move |value: String| {
        let city_id = value.parse::<CityId>().ok();
        let country = desk.view.with_untracked(|view| {
            let party = view.parties.iter().find(|party| Some(party.city.id) == city_id);
            party.map(|party| party.city.country.clone())
        });
        change(&|row| {
            row.city_id = city_id;
            if let Some(country) = &country {
                row.country.clone_from(country);
            }
        });
    });
    let payer = get(|row| row.city_id.map(|id| id.to_string()).unwrap_or_default());
    let country = get(|row| row.country.clone());
    let country_set = take_country(all_countries, set(|row, text| row.country = text));
    let rate = get(|row| row.rate.clone());
    let kinds: Options =
        Signal::derive(move || desk.rules.with_value(|rules| rate.with(|own| time::kinds(rules, own))));
    let kind = get(time::kind_of);
    let choose_kind = Callback::new(move |kind: String| {
        desk.rules
            .with_value(|rules| change(&|row| time::choose(row, &kind, rules)));
    });
    let is_time = memo(move || rate.with(|rate| !rate.is_empty()));
    let quantity = get(|row| row.quantity.clone());
    let take_time = Callback::new(move |typed: String| {
        desk.rules
            .with_value(|rules| change(&|row| time::take(row, typed.clone(), rules)));
    });
    // The row says what one hour or day is worth, and takes how many they are.
    let time_cell = move || {
        if !is_time.get() {
            return ().into_any();
        }
        let column = Signal::derive(move || format!("{}, {}", text!("budget.time"), row.get()));
        let worth = move || {
            desk.rules.with_value(|rules| {
                let rate = rules.in_kind_rate(&rate.get())?;
                Some(time::value_words(rate, &rules.currency))
            })
        };
        view! {
            <div class="stack">
                {amount_input(desk, cell("contribution", key, "time"), Some(column), quantity, take_time, None)}
                <span class="small soft">{live(worth)}</span>
            </div>
        }
        .into_any()
    };
    let head_cell = heads.map(|heads| {
        let options: Options = Signal::derive(move || {
            let mut options = vec![(String::new(), text!("budget.whole"))];
            options.extend(heads.get());
            options
        });
        view! {
            <td data-label=t!("budget.for_head")>
                {cell_select(
                    cell("contribution", key, "head"),
                    t!("budget.for_head"),
                    row,
                    options,
                    get(|row| row.head.clone()),
                    set(|row, text| row.head = text),
                )}
            </td>
        }
    });
    let remove = move |()| {
        let mut taken = None;
        desk.rows.update(|rows| {
            if let Some(at) = rows.contributions.iter().position(|row| row.key == key) {
                taken = Some((at, rows.contributions.remove(at)));
            }
        });
        browser::focus("contributions-title");
        let undo = Callback::new(move |()| {
            if let Some((at, row)) = taken.clone() {
                desk.rows.try_update(|rows| {
                    let at = at.min(rows.contributions.len());
                    rows.contributions.insert(at, row);
                });
            }
        });
        toast::say_with_undo(text!("budget.removed"), undo);
    };
    view! {
        <tr>
            <td data-label=t!("budget.who")>
                {cell_select(cell("contribution", key, "who"), t!("budget.who"), row, payers, payer, choose_payer)}
            </td>
            <td data-label=t!("budget.label")>
                {cell_text(
                    cell("contribution", key, "label"),
                    t!("budget.label"),
                    row,
                    get(|row| row.label.clone()),
                    set(|row, text| row.label = text),
                )}
            </td>
            <td data-label=t!("budget.country")>
                {live(move || {
                    if payer.with(String::is_empty) {
                        cell_select(cell("contribution", key, "country"), t!("budget.country"), row, countries, country, country_set)
                    } else {
                        view! { <span class="budget-fixed">{live(move || intl::country(&country.get()))}</span> }.into_any()
                    }
                })}
            </td>
            <td data-label=t!("budget.kind")>
                {cell_select(
                    cell("contribution", key, "kind"),
                    t!("budget.kind"),
                    row,
                    kinds,
                    kind,
                    choose_kind,
                )}
                {live(time_cell)}
            </td>
            {head_cell}
            <td class="numeric" data-label=amount_label>
                {amount_input(
                    desk,
                    cell("contribution", key, "amount"),
                    Some(name),
                    get(|row| row.amount.clone()),
                    set(|row, text| row.amount = text),
                    Some(Signal::derive(move || is_time.get())),
                )}
            </td>
            <td class="budget-remove"><IconButton label=Signal::derive(move || text!("budget.remove", row = row.get())) icon=Icon::Delete on_press=remove/></td>
        </tr>
    }
    .into_any()
}
