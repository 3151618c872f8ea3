//! Rules tried on a sample budget while they are written: the same function prices it that prices applications, and the same panel tells what it finds.

use crate::applications::assessment::{AssessmentPanel, Judged};
use crate::applications::{amount, time};
use crate::form::Field;
use crate::ui::later::later;
use crate::ui::prelude::*;
use crate::{browser, i18n, split, t, text};
use leptos::prelude::*;
use shared::budget::difference::difference;
use shared::budget::{Budget, BudgetLine, Contribution, ContributionKind, InKindUnit, RuleSet, RuleSetDraft, assess};
use shared::ids::CityId;

/// A cost of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cost {
    key: u32,
    head: String,
    country: String,
    amount: String,
}

/// The sample as it is typed. Cheap to copy.
#[derive(Clone, Copy)]
struct Sample {
    costs: State<Vec<Cost>>,
    cities: Field,
    cash: Field,
    in_kind: Field,
    others: Field,
    grant: Field,
    /// How much time is given, by the code of its value.
    times: State<Vec<(String, String)>>,
    next: State<u32>,
}

impl Sample {
    /// A project of 80,000 in three countries that keeps the rules it begins with.
    fn new(rules: &RuleSet) -> Sample {
        let language = i18n::language_now();
        let digits = shared::money::exponent(&rules.currency);
        let unit = 10_i64.pow(digits);
        let abroad: Vec<String> = match rules.countries.as_slice() {
            [] => ["AM", "SN"].map(str::to_owned).to_vec(),
            eligible => eligible.iter().take(2).cloned().collect(),
        };
        let head = |at: usize| {
            let known = rules.heads.get(at).or(rules.heads.first());
            known.map(|head| head.code.clone()).unwrap_or_default()
        };
        let write = |amount_minor| amount::write(amount_minor, digits, language);
        let places = std::iter::once(rules.own_country.clone()).chain(abroad);
        let sums = [10_000, 40_000, 30_000].map(|sum| sum * unit);
        let costs: Vec<Cost> = places
            .zip(sums)
            .enumerate()
            .map(|(at, (country, sum))| Cost {
                key: at as u32,
                head: head(at),
                country,
                amount: write(sum),
            })
            .collect();
        let cities = rules.cities_min.max(2);
        let sample = Sample {
            next: State::new(costs.len() as u32),
            costs: State::new(costs),
            cities: Field::alone("trial-cities", cities.to_string()),
            cash: Field::alone("trial-cash", ""),
            in_kind: Field::alone("trial-in-kind", ""),
            others: Field::alone("trial-others", ""),
            grant: Field::alone("trial-grant", ""),
            times: State::new(Vec::new()),
        };
        let found = assess(rules, &sample.budget(rules), cities);
        let rest = found.cost_minor - found.ceiling_minor;
        let in_kind = shared::money::share(rest, rules.in_kind_max_bp.unwrap_or(3_000).min(3_000));
        sample.grant.text.set(write(found.ceiling_minor));
        sample.in_kind.text.set(write(in_kind));
        sample.cash.text.set(write(rest - in_kind));
        sample
    }

    /// The exact budget; what cannot be read counts as nothing. Tracked.
    fn budget(self, rules: &RuleSet) -> Budget {
        let digits = shared::money::exponent(&rules.currency);
        let read = |text: &str| amount::parse(text, digits).unwrap_or(0);
        let lines = self.costs.with(|costs| {
            let line = |cost: &Cost| BudgetLine {
                id: None,
                head: cost.head.clone(),
                label: String::new(),
                country: cost.country.clone(),
                amount_minor: read(&cost.amount),
            };
            costs.iter().map(line).collect()
        });
        let pays = |city_id, kind, amount_minor| Contribution {
            city_id,
            label: String::new(),
            country: rules.own_country.clone(),
            kind,
            head: None,
            time: None,
            amount_minor,
        };
        let own = Some(CityId(Default::default()));
        let of = |field: Field| field.text.with(|text| read(text));
        let in_kind = of(self.in_kind).saturating_add(self.time_worth(rules));
        Budget {
            lines,
            contributions: vec![
                pays(own, ContributionKind::Cash, of(self.cash)),
                pays(own, ContributionKind::InKind, in_kind),
                pays(None, ContributionKind::Cash, of(self.others)),
            ],
            grant_asked_minor: of(self.grant),
        }
    }

    /// What the time given is worth, at the rules' own values. Tracked.
    fn time_worth(self, rules: &RuleSet) -> i64 {
        self.times.with(|times| {
            let worth = |rate: &shared::budget::InKindRate| {
                let typed = times.iter().find(|(code, _)| *code == rate.code);
                typed
                    .and_then(|(_, text)| time::parse(text))
                    .map_or(0, |time| rate.worth(time))
            };
            let all = rules.in_kind_rates.iter().map(worth);
            all.fold(0, i64::saturating_add)
        })
    }

    fn cities(self) -> u32 {
        self.cities.text.with(|text| text.trim().parse().unwrap_or(0))
    }

    /// The id of the cell that a pointer into the budget means.
    fn cell_of(self, pointer: &str) -> Option<String> {
        let mut parts = pointer.split('/').skip(1);
        match (parts.next()?, parts.next()) {
            ("lines", at) => {
                let at: usize = at.and_then(|at| at.parse().ok()).unwrap_or(0);
                let column = match parts.next() {
                    Some("head") => "head",
                    Some("country") => "country",
                    _ => "amount",
                };
                let key = self.costs.with_untracked(|costs| costs.get(at).map(|cost| cost.key))?;
                Some(format!("trial-{key}-{column}"))
            }
            ("grant_asked_minor", _) => Some("trial-grant".to_owned()),
            _ => Some("trial-cash".to_owned()),
        }
    }

    fn change(self, key: u32, change: impl FnOnce(&mut Cost)) {
        self.costs.update(|costs| {
            if let Some(cost) = costs.iter_mut().find(|cost| cost.key == key) {
                change(cost);
            }
        });
    }
}

/// The sample with what the rules make of it, and what changes from the former ones; its code comes after the form.
#[component]
pub fn Trial(
    /// The rules that one begins with.
    former: RuleSet,
    /// Whether there were rules before at all.
    is_next: bool,
    /// The rules as they are typed.
    draft: Derived<RuleSetDraft>,
) -> impl IntoView {
    split!(
        trial,
        fn tried(former: RuleSet, is_next: bool, draft: Derived<RuleSetDraft>) -> AnyView {
            trial(former, is_next, draft)
        }
    );
    later(12, move || tried(former, is_next, draft))
}

fn trial(former: RuleSet, is_next: bool, draft: Derived<RuleSetDraft>) -> AnyView {
    let sample = Sample::new(&former);
    let (id, version) = (former.id, former.version);
    let former = Kept::new(former);
    let rules = memo(move || draft.get().into_rules(id, version));
    let budget = memo(move || rules.with(|rules| sample.budget(rules)));
    let assessment = memo(move || {
        let cities = sample.cities();
        rules.with(|rules| budget.with(|budget| assess(rules, budget, cities)))
    });
    let judged = Judged {
        rules: Signal::derive(move || rules.get()),
        budget: Signal::derive(move || budget.get()),
        cell_of: Callback::new(move |pointer: String| sample.cell_of(&pointer)),
    };
    let before = move || {
        let cities = sample.cities();
        former.with_value(|former| {
            let found = assess(former, &sample.budget(former), cities);
            intl::money_short(found.ceiling_minor, &former.currency)
        })
    };
    let now =
        move || rules.with(|rules| assessment.with(|found| intl::money_short(found.ceiling_minor, &rules.currency)));
    let name = former.with_value(|former| former.name.clone());
    view! {
        <div class="stack stack-l">
            {is_next.then(|| {
                view! {
                    <section class="sheet stack" aria-labelledby="trial-changes">
                        <h2 id="trial-changes">{t!("rules.changes")}</h2>
                        <p class="small soft">{t!("trial.against", name = name.clone(), version = version)}</p>
                        <ul class="change-list" aria-live="polite">{live(move || changed(former, rules))}</ul>
                    </section>
                }
            })}
            <section class="stack" aria-labelledby="trial-title">
                <h2 id="trial-title">{t!("trial.title")}</h2>
                <p class="soft">{t!("trial.lead")}</p>
                {is_next.then(|| view! { <p class="trial-compare">{live(move || text!("trial.compare", before = before(), now = now()))}</p> })}
                <div class="trial-split">
                    <div class="sheet stack">{costs(sample, judged)} {resources(sample, judged, assessment)}</div>
                    <AssessmentPanel judged=judged assessment=assessment/>
                </div>
            </section>
        </div>
    }
    .into_any()
}

/// What changes, sentence by sentence, in the reader's language. Tracked.
fn changed(former: Kept<RuleSet>, rules: Derived<RuleSet>) -> AnyView {
    let language = i18n::language();
    let changes = former.with_value(|former| rules.with(|rules| difference(former, rules)));
    if changes.is_empty() {
        return view! { <li class="soft">{text!("rules.no_change")}</li> }.into_any();
    }
    changes
        .into_iter()
        .map(|change| view! { <li>{change.sentence(language, &intl::country)}</li> })
        .collect_any()
}

fn amount_cell(id: String, label: Signal<String>, value: Signal<String>, type_text: Callback<String>) -> AnyView {
    view! {
        <input
            class="input input-amount"
            id=id
            inputmode="decimal"
            autocomplete="off"
            aria-label=label
            prop:value=by(move || value.get())
            on:input=on(move |event| type_text.run(browser::event_text(&event)))
        />
    }
    .into_any()
}

fn choice_cell(
    id: String,
    label: Signal<String>,
    options: Signal<Vec<(String, String)>>,
    value: Signal<String>,
    choose: Callback<String>,
) -> AnyView {
    view! {
        <span class="select">
            <select class="input" id=id aria-label=label on:change=on(move |event| choose.run(browser::event_text(&event)))>
                {live(move || {
                    let chosen = value.get();
                    options
                        .get()
                        .into_iter()
                        .map(|(code, words)| {
                            let selected = code == chosen;
                            view! { <option value=code selected=selected>{words}</option> }
                        })
                        .collect_any()
                })}
            </select>
            {icon(Icon::ChevronDown)}
        </span>
    }
    .into_any()
}

fn costs(sample: Sample, judged: Judged) -> AnyView {
    let heads = Signal::derive(move || {
        judged.rules.with(|rules| {
            let named = rules.heads.iter();
            named
                .map(|head| (head.code.clone(), i18n::own_text(&head.label)))
                .collect::<Vec<_>>()
        })
    });
    let countries = Signal::derive(intl::countries);
    let add = move |()| {
        let key = sample.next.try_update(|next| {
            *next += 1;
            *next
        });
        let cost = Cost {
            key: key.unwrap_or_default(),
            head: heads.with_untracked(|heads| heads.first().map(|(code, _)| code.clone()).unwrap_or_default()),
            country: judged.rules.with_untracked(|rules| rules.own_country.clone()),
            amount: String::new(),
        };
        let id = format!("trial-{}-amount", cost.key);
        sample.costs.update(|costs| costs.push(cost));
        browser::focus_soon(id);
    };
    let row = move |key: u32| {
        let of = move |look: fn(&Cost) -> String| {
            Signal::derive(move || {
                sample.costs.with(|costs| {
                    let found = costs.iter().find(|cost| cost.key == key);
                    found.map(look).unwrap_or_default()
                })
            })
        };
        view! {
            <li class="trial-cost">
                {choice_cell(
                    format!("trial-{key}-head"),
                    t!("budget.head"),
                    heads,
                    of(|cost| cost.head.clone()),
                    Callback::new(move |head| sample.change(key, |cost| cost.head = head)),
                )}
                {choice_cell(
                    format!("trial-{key}-country"),
                    t!("budget.country"),
                    countries,
                    of(|cost| cost.country.clone()),
                    Callback::new(move |country| sample.change(key, |cost| cost.country = country)),
                )}
                {amount_cell(
                    format!("trial-{key}-amount"),
                    t!("budget.cost"),
                    of(|cost| cost.amount.clone()),
                    Callback::new(move |text| sample.change(key, |cost| cost.amount = text)),
                )}
                <IconButton
                    icon=Icon::Close
                    label=t!("trial.remove")
                    on_press=move |()| sample.costs.update(|costs| costs.retain(|cost| cost.key != key))
                />
            </li>
        }
        .into_any()
    };
    view! {
        <h3>{t!("budget.costs")}</h3>
        <ul class="trial-costs">
            {each(move || sample.costs.with(|costs| costs.iter().map(|cost| cost.key).collect::<Vec<_>>()), |key| *key, row)}
        </ul>
        <div class="row"><Button label=t!("budget.add_line") look=Look::Quiet icon=Icon::Plus on_press=add/></div>
    }
    .into_any()
}

fn resources(sample: Sample, judged: Judged, assessment: Derived<shared::budget::Assessment>) -> AnyView {
    let most = move |()| {
        let text = judged.rules.with_untracked(|rules| {
            let digits = shared::money::exponent(&rules.currency);
            let (ceiling, rest) = assessment.with_untracked(|found| {
                let budget = judged.budget.get_untracked();
                let contributed = found.resources_minor - budget.grant_asked_minor;
                (found.ceiling_minor, found.cost_minor - contributed)
            });
            amount::write(ceiling.min(rest.max(0)), digits, i18n::language_now())
        });
        sample.grant.type_text(text);
    };
    let times = move || {
        judged.rules.with(|rules| {
            let currency = rules.currency.clone();
            let rates = rules.in_kind_rates.iter();
            rates
                .map(|rate| {
                    let code = rate.code.clone();
                    let id = format!("trial-time-{code}");
                    let unit = match rate.unit {
                        InKindUnit::Hour => text!(
                            "trial.hours",
                            who = i18n::own_text(&rate.label),
                            value = intl::money_short(rate.amount_minor, &currency)
                        ),
                        InKindUnit::Day => text!(
                            "trial.days",
                            who = i18n::own_text(&rate.label),
                            value = intl::money_short(rate.amount_minor, &currency)
                        ),
                    };
                    let typed = sample.times.with_untracked(|times| {
                        times
                            .iter()
                            .find(|(known, _)| *known == code)
                            .map(|(_, text)| text.clone())
                    });
                    view! {
                        <div class="field">
                            <label for=id.clone()>{unit}</label>
                            <input
                                class="input input-short"
                                id=id
                                inputmode="decimal"
                                value=typed.unwrap_or_default()
                                on:input=on(move |event| {
                                    let text = browser::event_text(&event);
                                    sample
                                        .times
                                        .update(|times| {
                                            times.retain(|(known, _)| *known != code);
                                            times.push((code.clone(), text));
                                        });
                                })
                            />
                        </div>
                    }
                })
                .collect_any()
        })
    };
    view! {
        <h3>{t!("budget.contributions")}</h3>
        <div class="trial-fields">
            <TextField field=sample.cities label=t!("trial.cities") kind=Kind::Number/>
            <TextField field=sample.cash label=t!("budget.part_cash") kind=Kind::Amount/>
            <TextField field=sample.in_kind label=t!("budget.part_in_kind") kind=Kind::Amount/>
            {live(times)}
            <TextField field=sample.others label=t!("budget.part_others") kind=Kind::Amount/>
            <TextField field=sample.grant label=t!("budget.grant") kind=Kind::Amount/>
        </div>
        <div class="row"><Button label=t!("trial.ask_most") look=Look::Quiet on_press=most/></div>
    }
    .into_any()
}
