//! The picture in the form of a story: sent as soon as it is picked, and taken away for good.

use super::image;
use crate::client::{self, Failure};
use crate::ui::prelude::*;
use crate::{browser, t, text};
use leptos::ev;
use leptos::prelude::*;
use shared::ids::PartnershipId;
use shared::problem::ProblemCode;
use shared::stories::{STORY_PICTURE_BYTES_MAX, StoryPicture, StoryState, StoryView};
use wasm_bindgen_futures::spawn_local;

/// What the form and its picture know together.
#[derive(Clone, Copy)]
pub struct Frame {
    /// Whose story it is.
    pub id: PartnershipId,
    /// Where the story stands.
    pub state: StoryState,
    /// Its version, which grows with the picture.
    pub version: State<i64>,
    /// The picture that it has.
    pub picture: State<Option<StoryPicture>>,
    /// What is said of a picture is forgotten with it.
    pub forget: Callback<()>,
}

/// The picture, and what can be done with it.
pub fn choice(frame: Frame) -> AnyView {
    let share = State::new(None::<f64>);
    let failure = State::new(None::<Failure>);
    let removing = State::new(false);
    let pick = move |event: ev::Event| {
        use leptos::wasm_bindgen::JsCast;
        let picker = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(picker) = picker else { return };
        if let Some(file) = picker.files().and_then(|files| files.get(0)) {
            send(frame, file, share, failure);
        }
        // The same picture can be picked again after it was mended.
        picker.set_value("");
    };
    let remove = move |()| {
        removing.set(true);
        spawn_local(async move {
            let path = format!("/partnerships/{}/story/picture", frame.id);
            let answer = client::delete(path, frame.version.get_untracked()).await;
            removing.try_set(false);
            match answer {
                Ok(()) => {
                    // Taking it away made a version.
                    frame.version.try_update(|version| *version += 1);
                    frame.picture.try_set(None);
                    frame.forget.run(());
                    toast::say(text!("story.picture_removed"));
                    browser::focus("story-picture");
                }
                Err(told) => {
                    failure.try_set(Some(told));
                }
            }
        });
    };
    let can_send = frame.state == StoryState::Draft;
    let shown = move || {
        frame.picture.get().map(|picture| {
            view! {
                <div class="story-chosen">
                    {image(&picture, || text!("story.picture_now"))}
                    <Button label=t!("story.remove_picture") look=Look::Quiet icon=Icon::Delete busy=removing on_press=remove/>
                </div>
            }
        })
    };
    let label = memo(move || frame.picture.with(Option::is_some));
    let sending = move || {
        share.get().map(|now| {
            view! { <Progress label=t!("story.sending") share=Signal::stored(Some(now))/> }
        })
    };
    view! {
        {live(shown)}
        {can_send
            .then(|| {
                view! {
                    <div>
                        <label class="button button-secondary picker" for="story-picker">
                            {icon(Icon::Plus)}
                            <span>{live(move || if label.get() { text!("story.other_picture") } else { text!("story.pick") })}</span>
                            <input class="unseen" type="file" id="story-picker" accept=".png,.jpg,.jpeg" on:change=on(pick)/>
                        </label>
                        <p class="small soft">{t!("story.picture_kinds")}</p>
                    </div>
                }
            })}
        <div role="status">{live(sending)} {live(move || failure.get().map(refusal))}</div>
    }
    .into_any()
}

fn refusal(failure: Failure) -> AnyView {
    let words = if failure.is(ProblemCode::TooLarge) || failure.is(ProblemCode::AttachmentType) {
        text!("story.picture_kinds")
    } else {
        failure_sentence(&failure)
    };
    view! {
        <Notice tone=Tone::Danger>
            <p class="notice-title">{t!("story.picture_refused")}</p>
            <p>{words}</p>
        </Notice>
    }
    .into_any()
}

fn send(frame: Frame, file: web_sys::File, share: State<Option<f64>>, failure: State<Option<Failure>>) {
    failure.set(None);
    // What is known to be too large need not travel.
    if file.size() > STORY_PICTURE_BYTES_MAX as f64 {
        failure.set(Some(Failure::too_large()));
        return;
    }
    share.set(Some(0.0));
    spawn_local(async move {
        let path = format!("/partnerships/{}/story/picture", frame.id);
        let tell = move |now| {
            share.try_set(Some(now));
        };
        let answer = client::upload::<StoryView>(&path, &file, tell).await;
        share.try_set(None);
        match answer {
            Ok(story) => {
                if frame.picture.try_with_untracked(Option::is_some) == Some(true) {
                    // Who agreed to the picture before did not agree to this one.
                    frame.forget.run(());
                }
                frame.version.try_set(story.version);
                frame.picture.try_set(story.picture);
                toast::say(text!("story.picture_sent"));
            }
            Err(told) => {
                failure.try_set(Some(told));
            }
        }
    });
}
