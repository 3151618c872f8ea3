//! The bookings of an exhibition: its tour as a bar, the stays as a list, and the form that books.

use super::{days, model};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{client, session, t, text};
use leptos::prelude::*;
use shared::activities::{ActivityAction, ActivityView, BookingDraft, BookingPage, BookingState, BookingView};
use shared::ids::CityId;
use shared::partnerships::{PartnershipAction, PartnershipView, PartyRef, PartyRole};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use wasm_bindgen_futures::spawn_local;

/// The bookings of an exhibition.
#[component]
pub fn Bookings(
    /// The exhibition.
    of: ActivityView,
) -> impl IntoView {
    let id = of.id;
    let tour = (of.starts_on, of.ends_on);
    let list = load(move || client::get::<BookingPage>(format!("/activities/{id}/bookings?limit=100")));
    let may_book = of.allowed.contains(&ActivityAction::Book);
    let bar = move |items: &[BookingView]| {
        let stays = items
            .iter()
            .filter(|booking| booking.state == BookingState::Booked)
            .map(|booking| {
                let (from, share) = model::on_tour(tour, (booking.starts_on, booking.ends_on));
                let percent = |share: f64| format!("{:.2}%", share * 100.0);
                view! { <rect class="tour-stay" x=percent(from) width=percent(share) height="20"></rect> }
            });
        view! {
            <svg class="bar" height="20" aria-hidden="true" focusable="false">
                <rect class="bar-rest" width="100%" height="20" rx="3"></rect>
                {stays.collect_any()}
            </svg>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-labelledby="bookings">
            <h2 id="bookings">{t!("booking.title")}</h2>
            <p class="soft measure">{t!("booking.lead")}</p>
            <Loaded
                of=list
                lines=3
                view=move |page: BookingPage| {
                    let drawn = bar(&page.items);
                    let is_empty = page.items.is_empty();
                    view! {
                        {drawn}
                        {is_empty.then(|| view! { <p>{t!("booking.none")}</p> })}
                        <ul class="agenda">{page.items.into_iter().map(|booking| stay(booking, list)).collect_any()}</ul>
                    }
                    .into_any()
                }
            />
            {may_book.then(|| view! { <BookingForm of=of list=list/> })}
        </section>
    }
    .into_any()
}

fn stay(booking: BookingView, list: Loading<BookingPage>) -> AnyView {
    let (starts_on, ends_on) = (booking.starts_on, booking.ends_on);
    let (id, version) = (booking.id, booking.version);
    let is_off = booking.state == BookingState::Cancelled;
    let class = if is_off {
        "agenda-entry agenda-off"
    } else {
        "agenda-entry"
    };
    let busy = State::new(false);
    let cancel = move |()| {
        busy.set(true);
        spawn_local(async move {
            let answer = client::act::<_, BookingView>(format!("/bookings/{id}/cancel"), version, &()).await;
            busy.try_set(false);
            toast::say(match answer {
                Ok(_) => text!("booking.cancelled"),
                Err(failure) => failure_sentence(&failure),
            });
            list.reload();
        });
    };
    let about = Signal::stored(booking.city_name.clone());
    view! {
        <li class=class>
            <p class="agenda-days small">{live(move || days(starts_on, ends_on))}</p>
            <div class="agenda-words">
                <p class="agenda-title"><a href=format!("/cities/{}", booking.city_id)>{booking.city_name}</a></p>
                <p class="small soft">{booking.place}</p>
                {is_off.then(|| view! { <p><Badge label=t!("booking_state.cancelled")/></p> })}
                {booking
                    .may_cancel
                    .then(|| view! { <p><Button label=t!("booking.cancel") about=about look=Look::Secondary busy=busy on_press=cancel/></p> })}
            </div>
        </li>
    }
    .into_any()
}

/// The authorities that the reader may book for: all where the reader leads, else one's own.
fn bookable(view: &PartnershipView) -> Vec<(String, String)> {
    let own: Vec<CityId> = session::own_cities().into_iter().map(|(city, _)| city).collect();
    let leads = view.allowed.contains(&PartnershipAction::Delete);
    view.parties
        .iter()
        .filter(|party| party.role != PartyRole::Associated)
        .filter_map(|party| match party.party {
            PartyRef::City { city_id } if leads || own.contains(&city_id) => {
                Some((city_id.to_string(), party.name.clone()))
            }
            _ => None,
        })
        .collect()
}

#[component]
fn BookingForm(of: ActivityView, list: Loading<BookingPage>) -> impl IntoView {
    let id = of.id;
    let path = format!("/partnerships/{}", of.partnership_id);
    let partnership = load(move || client::get::<PartnershipView>(path.clone()));
    let form = Form::new(format!("booking:{id}"));
    let city = form.field("booking-city", "/city_id", "");
    let place = form.field("booking-place", "/place", "");
    let from = form.field("booking-from", "/starts_on", "");
    let until = form.field("booking-until", "/ends_on", "");
    let options = Signal::derive(move || partnership.ready().map(|view| bookable(&view)).unwrap_or_default());
    effect(move || {
        if let [(only, _)] = options.get().as_slice() {
            city.text.set(only.clone());
        }
    });
    let send = move || {
        form.clear();
        let chosen = city.trimmed().parse::<CityId>().ok();
        let (first, last) = (
            shared::time::parse_day(&from.trimmed()),
            shared::time::parse_day(&until.trimmed()),
        );
        let (Some(city_id), Some(starts_on), Some(ends_on)) = (chosen, first, last) else {
            let missing = [
                ("/city_id", chosen.is_none()),
                ("/starts_on", first.is_none()),
                ("/ends_on", last.is_none()),
            ];
            let missing = missing.into_iter().filter(|(_, missing)| *missing);
            let faults = missing.map(|(pointer, _)| FieldError::new(pointer, FieldCode::Required));
            return form.fail(super::faulty(faults.collect()));
        };
        let draft = BookingDraft {
            city_id,
            place: place.trimmed(),
            starts_on,
            ends_on,
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::post::<_, BookingView>(format!("/activities/{id}/bookings"), &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(made) => {
                    toast::say(text!("booking.made", city = made.city_name));
                    for field in [place, from, until] {
                        field.text.try_set(String::new());
                    }
                    list.reload();
                }
                Err(mut failure) => {
                    // Somebody was before us: the sentence says so, and the list shows who.
                    if failure.is(ProblemCode::BookingOverlap) {
                        failure.errors.clear();
                        list.reload();
                    }
                    form.fail(failure);
                }
            }
        });
    };
    let (first, last) = (of.starts_on, of.ends_on);
    view! {
        <form
            class="sheet stack"
            novalidate
            aria-labelledby="book"
            on:submit=submit(form.busy, send)
        >
            <h3 id="book">{t!("booking.book")}</h3>
            <p class="small soft">{live(move || text!("booking.tour", days = days(first, last)))}</p>
            <ErrorSummary form=form/>
            <Select field=city label=t!("booking.city") options=options none=t!("booking.choose")/>
            <div class="pair-choice">
                <TextField field=from label=t!("activity.starts_on") kind=Kind::Date/>
                <TextField field=until label=t!("activity.ends_on") kind=Kind::Date/>
            </div>
            <TextField field=place label=t!("booking.place") optional=true/>
            <div><Button label=t!("booking.book") submit=true busy=form.busy/></div>
        </form>
    }
    .into_any()
}
