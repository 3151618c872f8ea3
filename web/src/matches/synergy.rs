//! Who already works with a city: shown before one writes to it, so that efforts meet instead of repeating each other.

use crate::ui::prelude::*;
use crate::{client, t, tf};
use leptos::prelude::*;
use shared::cities::CityView;
use shared::ids::CityId;
use shared::partnerships::{PartnershipPage, PartnershipSummary};

/// Partnerships that are named; the others are counted.
const NAMED: usize = 3;

/// The note, for somebody of `own` who looks at `other`. Those with the own country come first, and say so.
pub fn note(own: CityId, other: CityId) -> AnyView {
    let found = load(move || client::get::<PartnershipPage>(format!("/cities/{other}/partnerships?limit=50")));
    let ours = load(move || client::get::<CityView>(format!("/cities/{own}")));
    view! {
        <section class="synergy" aria-label=t!("synergy.title")>
            <h3 class="minor">{t!("synergy.title")}</h3>
            {live(move || {
                let (Some(page), Some(ours)) = (found.ready(), ours.ready()) else {
                    return view! { <Skeleton lines=2/> }.into_any();
                };
                let country = ours.summary.country;
                let mut items = page.items;
                items.retain(|item| !item.state.is_over());
                items.sort_by_key(|item| !item.countries.contains(&country));
                if items.is_empty() {
                    return view! { <p class="soft">{t!("synergy.none")}</p> }.into_any();
                }
                let rest = items.len().saturating_sub(NAMED);
                let shown = items.into_iter().take(NAMED).map(|item| line(&item, &country)).collect_any();
                view! {
                    <ul>
                        {shown}
                        {(rest > 0).then(|| view! { <li class="soft">{t!("partnerships.and_more", count = rest)}</li> })}
                    </ul>
                }
                    .into_any()
            })}
        </section>
    }
    .into_any()
}

fn line(item: &PartnershipSummary, country: &str) -> AnyView {
    let near = item.countries.iter().any(|known| known == country);
    let parties = item.party_names.clone();
    view! {
        <li>
            <a href=format!("/partnerships/{}", item.id)>{item.name.clone()}</a>
            " "
            {near.then(|| view! { <Badge label=t!("synergy.near") tone=BadgeTone::Accent/> })}
            <span class="small soft">
                {tf!("partnership_kind.", item.kind.code())} " · " {live(move || intl::list(&parties))}
            </span>
        </li>
    }
    .into_any()
}
