//! One binary: serves, migrates, loads.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_web::HttpServer;
use anyhow::Context;
use api::clock::Clock;
use api::config::{Cli, Command, DataArgs, ServeArgs};
use api::db::Db;
use api::directory::import::command;
use api::files::Files;
use api::http::{Door, limits::Limits, spa::WebApp};
use api::mail::post::Post;
use api::platform::Platform;
use clap::Parser;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    api::telemetry::start(&cli.log, cli.log_json);
    if let Command::Learn(args) = &cli.command {
        return api::matches::history::learn::run(&Clock::System, args);
    }
    let db = open(&cli.data).await?;
    match cli.command {
        Command::Serve(args) => {
            let files = cli.files.open(&cli.data.data_dir)?;
            serve(db, files, args, &cli.data.data_dir).await
        }
        Command::Migrate => {
            db.migrate().await?;
            tracing::info!("the schema is up to date");
            Ok(())
        }
        Command::Demo => {
            db.migrate().await?;
            let files = cli.files.open(&cli.data.data_dir)?;
            api::demo::run(&db, &Clock::System, &files).await
        }
        Command::Admin(args) => {
            db.migrate().await?;
            api::accounts::admin::run(&db, &Clock::System, args).await
        }
        // Needs no database: done above.
        Command::Learn(_) => Ok(()),
        Command::Import(args) => {
            db.migrate().await?;
            command::run(&db, &args).await
        }
    }
}

async fn open(args: &DataArgs) -> anyhow::Result<Db> {
    if args.database_url.is_none() {
        std::fs::create_dir_all(&args.data_dir).with_context(|| format!("making {}", args.data_dir.display()))?;
    }
    Db::connect(&args.url()).await
}

async fn serve(db: Db, files: Files, args: ServeArgs, data_dir: &Path) -> anyhow::Result<()> {
    if !files.is_scanned() {
        tracing::warn!("no antivirus is configured: documents are kept without a look for viruses");
    }
    // What is kept there beside the database makes a start quicker, no more.
    let folder = std::fs::create_dir_all(data_dir).ok().map(|()| data_dir);
    anyhow::ensure!(
        db.is_migrated().await?,
        "the database's schema is not up to date: run `api migrate` first"
    );
    let door = Door {
        platform: Platform::start_from(db, Clock::System, folder).await?.with_files(files),
        limits: Arc::new(Limits::new(args.rate_limit_per_minute).behind_proxy(args.behind_proxy)),
        web_app: Arc::new(web_app(args.web_dir)?),
    };
    let folder = folder.map(Path::to_owned);
    actix_web::rt::spawn(api::housekeeping::run(
        door.platform.clone(),
        Arc::clone(&door.limits),
        folder,
        args.mail.clone(),
    ));
    actix_web::rt::spawn(api::jobs::worker::run(door.platform.clone()));
    if let Some(post) = Post::of(&args.mail)? {
        actix_web::rt::spawn(api::mail::post::run(door.platform.clone(), post));
    }
    let address = (args.bind, args.port);
    let mut server = HttpServer::new(move || api::http::app(&door));
    if args.workers > 0 {
        server = server.workers(args.workers);
    }
    let server = server
        .bind(address)
        .with_context(|| format!("listening on {}:{}", args.bind, args.port))?;
    for address in server.addrs() {
        tracing::info!("ready on http://{address}");
    }
    server.run().await?;
    Ok(())
}

fn web_app(folder: Option<PathBuf>) -> anyhow::Result<WebApp> {
    let folder = folder.unwrap_or_else(|| PathBuf::from("web/dist"));
    if !folder.join("index.html").is_file() {
        tracing::warn!("no web app in {}: only the API is served", folder.display());
        return Ok(WebApp::default());
    }
    WebApp::load(&folder).with_context(|| format!("reading the web app in {}", folder.display()))
}
