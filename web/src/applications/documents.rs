//! The documents of a file: picked or dropped, sent with their progress, downloaded, removed with a way back.

use super::desk::Desk;
use crate::client::{self, Failure};
use crate::ui::prelude::*;
use crate::{browser, t, text, textf};
use leptos::ev;
use leptos::prelude::*;
use shared::applications::{
    ATTACHMENT_BYTES_MAX, ApplicationAction, ApplicationView, AttachmentPurpose, AttachmentView,
};
use shared::ids::CityId;
use shared::problem::ProblemCode;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, FileList};

/// A document on its way.
#[derive(Clone, Debug, PartialEq)]
struct Sending {
    number: u32,
    name: String,
    share: f64,
    failure: Option<Failure>,
}

/// What is being sent on this page, in order.
#[derive(Clone, Copy)]
struct Outbox {
    desk: Desk,
    purpose: AttachmentPurpose,
    city: Option<CityId>,
    sendings: State<Vec<Sending>>,
}

impl Outbox {
    fn new(desk: Desk, purpose: AttachmentPurpose, city: Option<CityId>) -> Outbox {
        Outbox {
            desk,
            purpose,
            city,
            sendings: State::new(Vec::new()),
        }
    }

    /// Sends documents one after the other.
    fn send(self, documents: Vec<File>) {
        spawn_local(async move {
            for document in documents {
                self.send_one(document).await;
            }
        });
    }

    async fn send_one(self, document: File) {
        let name = document.name();
        let number = self
            .sendings
            .try_with_untracked(|sendings| sendings.last().map_or(0, |last| last.number + 1))
            .unwrap_or_default();
        let sending = Sending {
            number,
            name: name.clone(),
            share: 0.0,
            failure: None,
        };
        self.sendings.try_update(|sendings| sendings.push(sending));
        // What is known to be too large need not travel.
        let answer = if document.size() > ATTACHMENT_BYTES_MAX as f64 {
            Err(Failure::too_large())
        } else {
            let tell = move |share| self.change(number, |sending| sending.share = share);
            let path = self.path(&name);
            client::upload::<AttachmentView>(&path, &document, tell).await
        };
        match answer {
            Ok(_) => {
                self.forget(number);
                toast::say(text!("documents.added", name = name));
            }
            Err(failure) => self.change(number, |sending| sending.failure = Some(failure)),
        }
        self.desk.look_again().await;
    }

    fn path(self, name: &str) -> String {
        let id = self.desk.id;
        let name = String::from(js_sys::encode_uri_component(name));
        let purpose = self.purpose.code();
        let city = self.city.map(|city| format!("&city_id={city}")).unwrap_or_default();
        format!("/applications/{id}/attachments?purpose={purpose}&name={name}{city}")
    }

    fn change(self, number: u32, change: impl FnOnce(&mut Sending)) {
        self.sendings.try_update(|sendings| {
            if let Some(sending) = sendings.iter_mut().find(|sending| sending.number == number) {
                change(sending);
            }
        });
    }

    fn forget(self, number: u32) {
        self.sendings
            .try_update(|sendings| sendings.retain(|sending| sending.number != number));
    }
}

fn listed(files: Option<FileList>) -> Vec<File> {
    let Some(files) = files else { return Vec::new() };
    (0..files.length()).filter_map(|index| files.get(index)).collect()
}

/// The step of the documents.
#[component]
pub fn DocumentsStep(
    /// The file.
    desk: Desk,
) -> impl IntoView {
    let may = desk.may(ApplicationAction::Update);
    let outbox = Outbox::new(desk, AttachmentPurpose::Annex, None);
    view! {
        <div class="stack stack-l">
            <p class="measure">{t!("documents.words")}</p>
            <section class="stack" aria-labelledby="annexes-title">
                <h3 id="annexes-title" tabindex="-1">{t!("documents.annexes")}</h3>
                {live(move || {
                    let none = desk.view.with(|view| annexes(view).next().is_none());
                    none.then(|| view! { <p class="soft">{t!("documents.none")}</p> })
                })}
                <ul class="papers">
                    {each(
                        move || desk.view.with(|view| annexes(view).cloned().collect::<Vec<_>>()),
                        |document| (document.id, document.version),
                        move |document| paper(desk, document, may),
                    )}
                </ul>
                {may.then(|| view! { <Sender outbox=outbox id="annex-picker" label=t!("documents.pick")/> })}
            </section>
        </div>
    }
    .into_any()
}

fn annexes(view: &ApplicationView) -> impl Iterator<Item = &AttachmentView> {
    view.attachments
        .iter()
        .filter(|document| document.purpose == AttachmentPurpose::Annex)
}

/// A place to drop documents on, with a button to pick them, and what is on its way.
#[component]
fn Sender(
    /// What is sent from here.
    outbox: Outbox,
    /// The id of the control.
    id: &'static str,
    /// The words on the button.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let over = State::new(false);
    let holding = |event: &ev::DragEvent| event.prevent_default();
    let pick = move |event: ev::Event| {
        let Some(picker) = event.target().and_then(|target| {
            use wasm_bindgen::JsCast;
            target.dyn_into::<web_sys::HtmlInputElement>().ok()
        }) else {
            return;
        };
        outbox.send(listed(picker.files()));
        // The same document can be picked again after it was mended.
        picker.set_value("");
    };
    view! {
        <div
            class="drop-place"
            class:drop-over=by(move || over.get())
            on:dragover=on(move |event: ev::DragEvent| {
                holding(&event);
                over.set(true);
            })
            on:dragleave=on(move |_| over.set(false))
            on:drop=on(move |event: ev::DragEvent| {
                holding(&event);
                over.set(false);
                outbox.send(listed(event.data_transfer().and_then(|carried| carried.files())));
            })
        >
            <label class="button button-secondary picker" for=id>
                {icon(Icon::Plus)}
                <span>{label}</span>
                <input class="unseen" type="file" id=id multiple accept=ACCEPTED on:change=on(pick)/>
            </label>
            <p class="soft">{t!("documents.or_drop")}</p>
            <p class="small soft">{move || text!("documents.kinds", size = size_words(ATTACHMENT_BYTES_MAX as f64))}</p>
        </div>
        <div class="stack" role="status">
            {each(
                move || outbox.sendings.get(),
                |sending| (sending.number, sending.failure.is_some()),
                move |sending| on_its_way(outbox, sending),
            )}
        </div>
    }
    .into_any()
}

/// What the browser offers to pick; the server looks at the content.
const ACCEPTED: &str = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx,.odt,.ods,.odp";

fn on_its_way(outbox: Outbox, sending: Sending) -> AnyView {
    let number = sending.number;
    let name = sending.name.clone();
    match sending.failure {
        None => {
            let share = memo(move || {
                outbox.sendings.with(|sendings| {
                    let sending = sendings.iter().find(|sending| sending.number == number);
                    sending.map_or(1.0, |sending| sending.share)
                })
            });
            let label = Signal::derive(move || text!("documents.sending", name = name.clone()));
            view! { <Progress label=label share=Signal::derive(move || Some(share.get()))/> }.into_any()
        }
        Some(failure) => {
            let words = if failure.is(ProblemCode::TooLarge) {
                text!("documents.too_large", size = size_words(ATTACHMENT_BYTES_MAX as f64))
            } else {
                failure_sentence(&failure)
            };
            view! {
                <Notice tone=Tone::Danger>
                    <p class="notice-title">{text!("documents.refused", name = name.clone())}</p>
                    <p>{words}</p>
                    <div class="row">
                        <Button label=t!("action.close") about=name.clone() look=Look::Quiet on_press=move |()| outbox.forget(number)/>
                    </div>
                </Notice>
            }
            .into_any()
        }
    }
}

/// A document in a list: what it is, its size, the way to its bytes, and the way out of the file.
fn paper(desk: Desk, document: AttachmentView, may: bool) -> AnyView {
    let (id, version) = (document.id, document.version);
    let name = document.name.clone();
    let facts = {
        let document = document.clone();
        move || facts_of(&document)
    };
    let busy = State::new(false);
    let remove = move |()| {
        busy.set(true);
        take_out(desk, id, version, busy);
    };
    view! {
        <li class="paper">
            <span class="paper-kind" aria-hidden="true">{icon(Icon::Document)}</span>
            <div class="paper-words">
                <p class="paper-name">{download(&document)}</p>
                <p class="small soft">{facts}</p>
            </div>
            {may.then(|| view! { <Button label=t!("edit.remove") about=name look=Look::Quiet icon=Icon::Delete busy=busy on_press=remove/> })}
        </li>
    }
    .into_any()
}

fn download(document: &AttachmentView) -> AnyView {
    let address = format!("/api/v1/attachments/{}/content", document.id);
    view! { <a href=address rel="external" download=document.name.clone()>{document.name.clone()}</a> }.into_any()
}

fn facts_of(document: &AttachmentView) -> String {
    let kind = textf!("document_kind.", document.kind.code());
    let (size, day) = (size_words(document.size_bytes as f64), intl::day_of(document.added_at));
    text!("documents.facts", kind = kind, size = size, day = day)
}

/// A size as people say it: kilobytes, then megabytes.
fn size_words(bytes: f64) -> String {
    const KILO: f64 = 1024.0;
    if bytes < KILO * KILO {
        text!("documents.kilobytes", size = intl::number((bytes / KILO).ceil()))
    } else {
        text!("documents.megabytes", size = intl::decimal(bytes / KILO / KILO, 1))
    }
}

/// Removes a document; one press takes that back.
fn take_out(desk: Desk, id: shared::ids::AttachmentId, version: i64, busy: State<bool>) {
    spawn_local(async move {
        match client::delete(format!("/attachments/{id}"), version).await {
            Ok(()) => {
                browser::focus("annexes-title");
                let restore = Callback::new(move |()| {
                    spawn_local(async move {
                        // Removing made a version; taking it back names that one.
                        let path = format!("/attachments/{id}/restore");
                        match client::act::<_, AttachmentView>(path, version + 1, &()).await {
                            Ok(document) => toast::say(text!("documents.restored", name = document.name)),
                            Err(failure) => toast::say(failure_sentence(&failure)),
                        }
                        desk.look_again().await;
                    });
                });
                toast::say_with_undo(text!("documents.removed"), restore);
            }
            Err(failure) => {
                busy.try_set(false);
                toast::say(failure_sentence(&failure));
            }
        }
        desk.look_again().await;
    });
}

/// The documents among all that the file says.
pub fn papers_answers(view: &ApplicationView) -> AnyView {
    if view.attachments.is_empty() {
        return view! { <p class="soft">{t!("documents.none")}</p> }.into_any();
    }
    let rows = view.attachments.iter().map(|document| {
        let words = facts_of(document);
        view! {
            <li class="paper">
                <span class="paper-kind" aria-hidden="true">{icon(Icon::Document)}</span>
                <div class="paper-words">
                    <p class="paper-name">{download(document)}</p>
                    <p class="small soft">{words}</p>
                </div>
            </li>
        }
    });
    view! { <ul class="papers">{rows.collect_any()}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use shared::applications::AttachmentKind;

    use super::*;

    #[test]
    fn the_picker_offers_every_kind() {
        for kind in AttachmentKind::ALL {
            assert!(
                ACCEPTED.split(',').any(|ending| ending == format!(".{}", kind.code())),
                "{kind:?}"
            );
        }
    }
}
