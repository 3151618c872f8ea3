//! Who is in a round: by side, added all at once by the side's rules or one by one, each with its places.

use crate::form::Field;
use crate::ui::prelude::*;
use crate::{app, cities, client, i18n, t, text};
use leptos::prelude::*;
use shared::ids::CityId;
use shared::rounds::{
    RoundAction, RoundMemberDraft, RoundMemberPage, RoundMemberView, RoundMembersDraft, RoundSide, RoundView,
};
use wasm_bindgen_futures::spawn_local;

/// The members of a round.
#[component]
pub fn Members(
    /// The round, to be fetched again.
    round: Loading<RoundView>,
    /// The round as it is shown.
    view: Kept<RoundView>,
) -> impl IntoView {
    let (id, counts, rules, may) = view.with_value(|view| {
        (
            view.id,
            view.members,
            view.rules.clone(),
            view.allowed.contains(&RoundAction::ManageMembers),
        )
    });
    let side = State::new(RoundSide::First.code().to_owned());
    let list = grow(move |cursor: Option<String>| {
        let mut query = vec![("side", side.get()), ("limit", "50".to_owned())];
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        let path = app::address(&format!("/rounds/{id}/members"), &query);
        slice::<RoundMemberPage>(path)
    });
    let busy = State::new(false);
    let send = move |draft: RoundMembersDraft| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let version = view.with_value(|view| view.version);
        spawn_local(async move {
            match client::act::<_, RoundView>(format!("/rounds/{id}/members"), version, &draft).await {
                Ok(now) => {
                    toast::say(text!("round_members.changed", count = now.members[0] + now.members[1]));
                    round.set(now);
                }
                Err(failure) => {
                    let places: Vec<&str> = failure.errors.iter().map(|error| error.code.code()).collect();
                    if places.contains(&"inconsistent") {
                        toast::say(text!("round_members.not_eligible"));
                    } else {
                        toast::say(failure_sentence(&failure));
                    }
                    round.reload();
                }
            }
            busy.try_set(false);
        });
    };
    let is_two_sided = rules.sides.len() == 2;
    let tabs: Vec<(RoundSide, Signal<String>)> = [RoundSide::First, RoundSide::Second]
        .into_iter()
        .zip(rules.sides.iter().cloned())
        .map(|(side, rules)| {
            let count = counts[side as usize];
            let label =
                Signal::derive(move || format!("{} ({})", i18n::own_text(&rules.name), intl::number(f64::from(count))));
            (side, label)
        })
        .collect();
    let chooser = tabs
        .iter()
        .map(|&(each, label)| {
            let own = each.code();
            let pressed = Signal::derive(move || side.with(|side| side == own));
            view! { <Button label=label look=Look::Quiet pressed=pressed on_press=move |()| side.set(own.to_owned())/> }
        })
        .collect_any();
    let current = move || RoundSide::from_code(&side.get_untracked()).unwrap_or(RoundSide::First);
    let picked = State::new(String::new());
    let places = Field::alone("member-places", "");
    let add = move |choice: Choice| {
        picked.set(String::new());
        let Ok(city_id) = choice.value.parse::<CityId>() else {
            return;
        };
        send(RoundMembersDraft {
            items: vec![RoundMemberDraft {
                city_id,
                side: current(),
                places: places.trimmed().parse().ok(),
            }],
            all_of: Vec::new(),
        });
    };
    let add_all = move |()| {
        send(RoundMembersDraft {
            items: Vec::new(),
            all_of: vec![current()],
        });
    };
    let remove = Callback::new(move |(city_id, side): (CityId, RoundSide)| {
        send(RoundMembersDraft {
            items: vec![RoundMemberDraft {
                city_id,
                side,
                places: Some(0),
            }],
            all_of: Vec::new(),
        });
    });
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=4/> }.into_any(),
            Some(true) => {
                view! { <EmptyState title=t!("round_members.none") words=t!("round_members.none_words")/> }.into_any()
            }
            Some(false) => {
                let mut columns = vec![
                    Column::plain(t!("round_members.city")),
                    Column::plain(t!("round_members.country")),
                    Column::plain(t!("round_members.places")).numeric(),
                    Column::plain(t!("round_members.wishes")).numeric(),
                ];
                if may {
                    columns.push(Column::plain(t!("round_members.remove")));
                }
                view! {
                    <div class="dense">
                        <Table caption=t!("round_members.title") caption_unseen=true columns=columns>
                            {each(
                                move || list.items.get().unwrap_or_default(),
                                |member| (member.city.id, member.version, member.places),
                                move |member| row(member, may.then_some(remove)),
                            )}
                        </Table>
                    </div>
                }
                .into_any()
            }
        }
    };
    view! {
        <section class="stack" aria-labelledby="round-members">
            <h2 id="round-members">{t!("round_members.title")}</h2>
            {is_two_sided.then(|| view! { <div class="row" role="group" aria-label=t!("round_members.side")>{chooser}</div> })}
            {may
                .then(|| {
                    view! {
                        <div class="triage-filters">
                            <Combobox id="member-city" label=t!("round_members.add") text=picked source=cities::search_source() on_pick=add/>
                            <TextField field=places label=t!("round_members.places") hint=t!("round_members.places_hint") kind=Kind::Number optional=true/>
                        </div>
                        <div class="row">
                            <Button label=t!("round_members.add_all") look=Look::Secondary icon=Icon::People busy=busy on_press=add_all/>
                        </div>
                    }
                })}
            {live(body)}
            <More
                there=Signal::derive(move || list.next.with(Option::is_some) && list.failure.with(Option::is_none))
                busy=list.busy
                on_more=move |()| list.more()
            />
        </section>
    }
    .into_any()
}

fn row(member: RoundMemberView, remove: Option<Callback<(CityId, RoundSide)>>) -> AnyView {
    let name = cities::label(&member.city);
    let (id, side, country) = (member.city.id, member.side, member.city.country.clone());
    let (places, wishes) = (member.places, member.wish_count);
    view! {
        <tr>
            <th scope="row"><a href=format!("/cities/{id}")>{name}</a></th>
            <td data-label=t!("round_members.country")>{live(move || intl::country(&country))}</td>
            <td class="numeric" data-label=t!("round_members.places")>{live(move || intl::number(f64::from(places)))}</td>
            <td class="numeric" data-label=t!("round_members.wishes")>{live(move || wishes.map_or_else(|| "–".to_owned(), |count| intl::number(f64::from(count))))}</td>
            {remove
                .map(|remove| {
                    view! {
                        <td data-label=t!("round_members.remove")>
                            <Button label=t!("picks.remove") about=name look=Look::Quiet icon=Icon::Delete on_press=move |()| remove.run((id, side))/>
                        </td>
                    }
                })}
        </tr>
    }
    .into_any()
}
