//! Whom one's own city wishes for: an ordered list, changed while the round takes wishes.

use crate::ui::prelude::*;
use crate::{cities, client, session, t, text};
use leptos::prelude::*;
use shared::cities::CitySummary;
use shared::ids::CityId;
use shared::problem::FieldCode;
use shared::rounds::{RoundMemberView, RoundView, WISHES_MAX, WishList};
use wasm_bindgen_futures::spawn_local;

/// The wishes of the first of one's own cities, where it is in the round.
#[component]
pub fn Wishes(
    /// The round as it is shown.
    view: Kept<RoundView>,
) -> impl IntoView {
    let id = view.with_value(|view| view.id);
    let Some((city, _)) = session::own_cities().into_iter().next() else {
        return ().into_any();
    };
    let member = load(move || client::get::<RoundMemberView>(format!("/rounds/{id}/members/{city}")));
    view! {
        {live(move || match member.get() {
            Load::Waiting => view! { <Skeleton lines=3/> }.into_any(),
            // Not every city is in every round.
            Load::Failed(failure) if failure.status == 403 || failure.status == 404 => {
                view! { <Notice><p>{t!("round_wishes.not_in")}</p></Notice> }.into_any()
            }
            Load::Failed(failure) => view! { <ProblemView failure=failure retry=move |()| member.reload()/> }.into_any(),
            Load::Ready(known) => editor(member, id.to_string(), known),
        })}
    }
    .into_any()
}

fn editor(member: Loading<RoundMemberView>, round: String, known: RoundMemberView) -> AnyView {
    let (city, version, open) = (known.city.id, known.version, known.can_wish);
    let wishes = State::new(known.wishes.clone().unwrap_or_default());
    let typed = State::new(String::new());
    let busy = State::new(false);
    let before = Kept::new(known);
    let changed = Signal::derive(move || {
        let now: Vec<CityId> = wishes.with(|wishes| wishes.iter().map(|city| city.id).collect());
        before.with_value(|before| {
            let known = before.wishes.iter().flatten().map(|city| city.id);
            known.collect::<Vec<_>>() != now
        })
    });
    let add = move |choice: Choice| {
        typed.set(String::new());
        let Ok(id) = choice.value.parse::<CityId>() else { return };
        if wishes
            .with_untracked(|wishes| wishes.len() >= WISHES_MAX as usize || wishes.iter().any(|city| city.id == id))
        {
            return;
        }
        spawn_local(async move {
            // The name in all languages comes with the city itself.
            if let Ok(city) = client::get::<CitySummary>(format!("/cities/{id}")).await {
                wishes.try_update(|wishes| wishes.push(city));
            }
        });
    };
    let move_by = Callback::new(move |(id, step): (CityId, i32)| {
        wishes.update(|wishes| {
            let Some(at) = wishes.iter().position(|city| city.id == id) else {
                return;
            };
            let to = (at as i32 + step).clamp(0, wishes.len() as i32 - 1) as usize;
            wishes.swap(at, to);
        });
    });
    let remove = Callback::new(move |id: CityId| wishes.update(|wishes| wishes.retain(|city| city.id != id)));
    let path = Kept::new(format!("/rounds/{round}/members/{city}/wishes"));
    let save = move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let list = WishList {
            city_ids: wishes.with_untracked(|wishes| wishes.iter().map(|city| city.id).collect()),
        };
        spawn_local(async move {
            match client::put::<_, RoundMemberView>(path.get_value(), version, &list).await {
                Ok(now) => {
                    toast::say(text!("round_wishes.saved"));
                    member.set(now);
                }
                Err(failure) => {
                    let is_outside = failure
                        .errors
                        .iter()
                        .any(|error| matches!(error.code, FieldCode::Reference | FieldCode::Inconsistent));
                    if is_outside {
                        toast::say(text!("round_wishes.outside"));
                    } else {
                        toast::say(failure_sentence(&failure));
                    }
                }
            }
            busy.try_set(false);
        });
    };
    let row = move |(place, city): (usize, CitySummary)| {
        let name = cities::label(&city);
        let id = city.id;
        let where_it_is = city.clone();
        view! {
            <li class="stack">
                <span><span class="numeric">{live(move || intl::number(place as f64 + 1.0))}</span> ". " <strong>{name}</strong> " " <span class="small soft">{live(move || cities::kind_and_country(&where_it_is))}</span></span>
                {open
                    .then(|| {
                        view! {
                            <div class="row">
                                <Button label=t!("round_wishes.up") about=name look=Look::Quiet on_press=move |()| move_by.run((id, -1))/>
                                <Button label=t!("round_wishes.down") about=name look=Look::Quiet on_press=move |()| move_by.run((id, 1))/>
                                <Button label=t!("picks.remove") about=name look=Look::Quiet icon=Icon::Delete on_press=move |()| remove.run(id)/>
                            </div>
                        }
                    })}
            </li>
        }
    };
    view! {
        <section class="stack" aria-labelledby="round-wishes">
            <h2 id="round-wishes">{t!("round_wishes.title")}</h2>
            <p class="measure">{if open { t!("round_wishes.words") } else { t!("round_wishes.closed") }}</p>
            {live(move || wishes.with(Vec::is_empty).then(|| view! { <p class="soft">{t!("round_wishes.none")}</p> }))}
            <ol class="party-rows" aria-label=t!("round_wishes.title")>
                {each(
                    move || wishes.get().into_iter().enumerate().collect::<Vec<_>>(),
                    |(place, city)| (*place, city.id),
                    row,
                )}
            </ol>
            {open
                .then(|| {
                    view! {
                        <Combobox
                            id="wish-city"
                            label=t!("round_wishes.add")
                            hint=t!("round_wishes.add_hint", count = WISHES_MAX)
                            text=typed
                            source=cities::search_source()
                            on_pick=add
                        />
                        <div class="row">
                            <Button label=t!("round_wishes.save") icon=Icon::Check busy=busy on_press=save/>
                            {live(move || changed.get().then(|| view! { <span class="small soft">{t!("round_wishes.unsaved")}</span> }))}
                        </div>
                    }
                })}
        </section>
    }
    .into_any()
}
