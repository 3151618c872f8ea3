//! The weights that the city keeps: loaded with the page, kept from the sliders, seen by nobody else.

use crate::ui::prelude::*;
use crate::{client, t, text};
use leptos::prelude::*;
use shared::ids::CityId;
use shared::preferences::{WeightsDraft, WeightsView};
use shared::problem::ProblemCode;
use shared::scoring::Weights;
use wasm_bindgen_futures::spawn_local;

/// The city's own weights. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub(super) struct OwnWeights {
    city: CityId,
    /// What is kept; nothing for who may not know.
    kept: State<Option<WeightsView>>,
    busy: State<bool>,
}

impl OwnWeights {
    pub(super) fn of(city: CityId, kept: Option<WeightsView>) -> OwnWeights {
        OwnWeights {
            city,
            kept: State::new(kept),
            busy: State::new(false),
        }
    }

    /// The city's own weights, or the usual ones; tracked.
    pub(super) fn now(self) -> Weights {
        self.kept
            .with(|kept| kept.as_ref().map_or_else(Weights::default, |kept| kept.weights))
    }

    fn keep(self, weights: Weights) {
        let Some(version) = self.kept.with_untracked(|kept| kept.as_ref().map(|kept| kept.version)) else {
            return;
        };
        let path = format!("/cities/{}/weights", self.city);
        self.busy.set(true);
        spawn_local(async move {
            let answer = client::put::<_, WeightsView>(&path, version, &WeightsDraft { weights }).await;
            self.busy.try_set(false);
            match answer {
                Ok(kept) => {
                    self.kept.try_set(Some(kept));
                    toast::say(text!("weights.kept"));
                }
                // A colleague was faster: what is kept now is told, and the sliders stay where they are.
                Err(failure) if failure.is(ProblemCode::Stale) => {
                    if let Ok(kept) = client::get::<WeightsView>(&path).await {
                        self.kept.try_set(Some(kept));
                    }
                    toast::say(text!("weights.stale"));
                }
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
        });
    }
}

/// What can be done with the weights as the sliders say them.
pub(super) fn acts(weights: State<Weights>, own: OwnWeights, city: Signal<String>) -> AnyView {
    let differs = memo(move || weights.get() != own.now());
    let may_keep = own.kept.with_untracked(Option::is_some);
    let note = move || {
        own.kept.with(|kept| {
            kept.as_ref().map(|kept| match kept.updated_at {
                Some(at) => text!("weights.since", city = city.get(), day = intl::day_of(at)),
                None => text!("weights.none", city = city.get()),
            })
        })
    };
    view! {
        <div class="stack weight-acts">
            {live(move || {
                (may_keep && differs.get())
                    .then(|| {
                        view! {
                            <Button
                                label=t!("weights.keep", city = city.get())
                                icon=Icon::Check
                                busy=own.busy
                                on_press=move |()| own.keep(weights.get_untracked())
                            />
                        }
                    })
            })}
            {live(move || {
                (differs.get() && own.now() != Weights::default())
                    .then(|| {
                        view! {
                            <Button
                                label=t!("weights.back", city = city.get())
                                look=Look::Secondary
                                icon=Icon::Undo
                                on_press=move |()| weights.set(untrack(|| own.now()))
                            />
                        }
                    })
            })}
            {live(move || {
                (weights.get() != Weights::default())
                    .then(|| {
                        view! {
                            <Button
                                label=t!("partners.reset")
                                look=Look::Secondary
                                icon=Icon::Undo
                                on_press=move |()| weights.set(Weights::default())
                            />
                        }
                    })
            })}
            <p class="small soft" role="status">{note}</p>
        </div>
    }
    .into_any()
}
