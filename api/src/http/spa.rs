//! The built web app, kept in memory with its precompressed variants, and the answer to every path that no route knows.

use std::collections::HashMap;
use std::path::Path;

use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use super::Door;
use crate::error::Error;
use crate::hash::hex;

/// The files of the web app by their path.
#[derive(Debug, Default)]
pub struct WebApp {
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    media_type: String,
    etag: String,
    immutable: bool,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl WebApp {
    /// Reads the folder of the built web app.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        let mut files = HashMap::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(current) = folders.pop() {
            for entry in std::fs::read_dir(&current)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                if name.ends_with(".br") || name.ends_with(".gz") {
                    continue;
                }
                let plain = Bytes::from(std::fs::read(&path)?);
                let variant = |suffix: &str| {
                    let mut variant = path.clone().into_os_string();
                    variant.push(suffix);
                    std::fs::read(variant).ok().map(Bytes::from)
                };
                let file = File {
                    media_type: media_type(&name).to_owned(),
                    etag: format!("\"{}\"", hex(&Sha256::digest(&plain)[..12])),
                    immutable: is_hashed(&name),
                    brotli: variant(".br"),
                    gzip: variant(".gz"),
                    plain,
                };
                files.insert(format!("/{name}"), file);
            }
        }
        Ok(Self { files })
    }

    /// Whether there is a web app to serve.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.files.contains_key("/index.html")
    }

    fn find(&self, path: &str) -> Option<&File> {
        if let Some(file) = self.files.get(path) {
            return Some(file);
        }
        if let Some(index) = self.files.get(&format!("{}/index.html", path.trim_end_matches('/'))) {
            return Some(index);
        }
        // A path without an ending is a page of the app.
        let last = path.rsplit('/').next().unwrap_or_default();
        if last.contains('.') {
            None
        } else {
            self.files.get("/index.html")
        }
    }
}

/// A file whose name tells its content never changes.
fn is_hashed(name: &str) -> bool {
    let stem = name.rsplit('/').next().unwrap_or_default();
    stem.split(['.', '-'])
        .any(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Answers what no route knows: 405 where the path knows other methods, a file or a page of the web app, else 404.
///
/// # Errors
/// `MethodNotAllowed` and `NotFound`.
pub async fn fallback(request: HttpRequest, door: web::Data<Door>) -> Result<HttpResponse, Error> {
    let path = request.path();
    if path.starts_with("/api/") || path.starts_with("/problems/") {
        return Err(Error::NotFound);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Error::MethodNotAllowed("GET, HEAD".to_owned()));
    }
    let file = door.web_app.find(path).ok_or(Error::NotFound)?;
    Ok(serve(&request, file))
}

fn serve(request: &HttpRequest, file: &File) -> HttpResponse {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let cache = if file.immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    if header(IF_NONE_MATCH)
        .split(',')
        .any(|tag| tag.trim().trim_start_matches("W/") == file.etag)
    {
        return HttpResponse::NotModified()
            .insert_header((ETAG, file.etag.as_str()))
            .insert_header((CACHE_CONTROL, cache))
            .finish();
    }
    let accepts = |encoding: &str| {
        header(ACCEPT_ENCODING)
            .split(',')
            .any(|item| item.trim().split(';').next() == Some(encoding))
    };
    let (encoding, body) = match (&file.brotli, &file.gzip) {
        (Some(brotli), _) if accepts("br") => ("br", brotli),
        (_, Some(gzip)) if accepts("gzip") => ("gzip", gzip),
        // Named so that nothing compresses it again on the fly.
        _ => ("identity", &file.plain),
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.media_type.as_str()))
        .insert_header((CONTENT_ENCODING, encoding))
        .insert_header((ETAG, file.etag.as_str()))
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((VARY, "Accept-Encoding"))
        .body(body.clone())
}
