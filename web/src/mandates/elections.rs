//! All elections, the latest first; administrators enter those of a country.

use super::election::RecordElection;
use crate::client;
use crate::ui::prelude::*;
use crate::{app, session, t, text};
use leptos::prelude::*;
use shared::ids::ElectionId;
use shared::mandates::{ElectionAction, ElectionPage, ElectionView};
use wasm_bindgen_futures::spawn_local;

/// The elections.
#[component]
pub fn ElectionsPage() -> impl IntoView {
    let known = memo(session::is_known);
    let list = grow(move |cursor: Option<String>| {
        // What one may do depends on who one is.
        known.track();
        let mut query = vec![("limit", "25".to_owned())];
        match cursor {
            Some(cursor) => query.push(("cursor", cursor)),
            None => query.push(("count", "true".to_owned())),
        }
        slice::<ElectionPage>(app::address("/elections", &query))
    });
    let count = move || match (list.items.with(Option::is_some), list.total.get()) {
        (true, Some(total)) => text!("elections.count", count = total),
        _ => String::new(),
    };
    let changed = Callback::new(move |()| list.reload());
    let shown = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(true) => view! { <EmptyState title=t!("elections.none") words=t!("elections.none_words")/> }.into_any(),
            Some(false) => view! {
                <ul class="election-list">
                    {each(move || list.items.get().unwrap_or_default(), |of| (of.id, of.version), move |of| entry(of, changed))}
                </ul>
            }
            .into_any(),
        }
    };
    let is_admin = memo(session::is_admin);
    view! {
        <PageHeader title=t!("elections.title") lead=t!("elections.words")>
            {live(move || is_admin.get().then(|| view! { <RecordElection done=changed/> }))}
        </PageHeader>
        <div class="stack stack-l measure">
            <section class="stack" aria-label=t!("elections.title")>
                <p class="results-count" role="status">{count}</p>
                {shown}
                <More
                    there=Signal::derive(move || list.next.with(Option::is_some) && list.failure.with(Option::is_none))
                    busy=list.busy
                    on_more=move |()| list.more()
                />
            </section>
        </div>
    }
    .into_any()
}

/// One election; `changed` hears that it was deleted or brought back.
pub(super) fn entry(of: ElectionView, changed: Callback<()>) -> AnyView {
    let (id, version, day) = (of.id, of.version, of.day);
    let about = Signal::stored(of.name.clone());
    let delete = of.allowed.contains(&ElectionAction::Delete).then(|| {
        view! {
            <Button label=t!("elections.delete") about=about look=Look::Quiet icon=Icon::Delete on_press=move |()| remove(id, version, changed)/>
        }
    });
    let (name, source, is_applied) = (of.name.clone(), of.source.clone(), of.applied_at.is_some());
    let facts = move || format!("{} · {}", intl::date(day), super::place(&of));
    view! {
        <li class="card">
            <div class="row row-apart">
                <div>
                    <p><strong>{name}</strong></p>
                    <p>{live(facts)}</p>
                    <p class="small soft">{live(move || text!("elections.from", source = source.clone()))}</p>
                    {is_applied.then(|| view! { <p class="small soft">{t!("elections.applied")}</p> })}
                </div>
                <div class="no-print">{delete}</div>
            </div>
        </li>
    }
    .into_any()
}

/// Deletes an election; one press takes that back.
fn remove(id: ElectionId, version: i64, changed: Callback<()>) {
    spawn_local(async move {
        match client::delete(format!("/elections/{id}"), version).await {
            Ok(()) => {
                let restore = Callback::new(move |()| {
                    spawn_local(async move {
                        // Deleting made a version; taking it back names that one.
                        let path = format!("/elections/{id}/restore");
                        match client::act::<_, ElectionView>(path, version + 1, &()).await {
                            Ok(_) => toast::say(text!("elections.restored")),
                            Err(failure) => toast::say(failure_sentence(&failure)),
                        }
                        changed.try_run(());
                    });
                });
                toast::say_with_undo(text!("elections.deleted"), restore);
            }
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
        changed.try_run(());
    });
}
