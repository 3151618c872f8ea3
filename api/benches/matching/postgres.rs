//! The same kind of question put to PostgreSQL: needs, offers and goals as bit columns, one thread, all rows judged.

use std::time::Instant;

use sea_orm::{ConnectOptions, ConnectionTrait, Database};

/// Themes of ours, as columns have them, and what each criterion counts.
const QUESTION: &str = "SELECT id, 2000 * (bit_count(needs & x'0f0f00f1'::bit(32)) + bit_count(offers & x'f0f00f10'::bit(32))) \
     + 1200 * bit_count(goals & x'00f1f0f0'::bit(32)) + CASE WHEN country IN (7, 9) THEN 10000 ELSE 5000 END \
     + 24 * greatest(0, 1000 - 1000 * abs(size - 14000) / 5170) AS score \
     FROM bench_matching ORDER BY score DESC, id LIMIT 20";

/// Milliseconds that PostgreSQL takes: the best of some tries.
pub(crate) fn asking(url: &str, cities: usize) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let database = Database::connect(options).await.unwrap();
        let bits = "(random() * 2147483647)::int::bit(32)";
        let made = format!(
            "SET max_parallel_workers_per_gather = 0; DROP TABLE IF EXISTS bench_matching; \
             CREATE UNLOGGED TABLE bench_matching AS SELECT number AS id, {bits} AS needs, {bits} AS offers, {bits} AS goals, \
             (random() * 250)::int2 AS country, (random() * 30000)::int AS size FROM generate_series(1, {cities}) AS number"
        );
        database.execute_unprepared(&made).await.unwrap();
        database.execute_unprepared("VACUUM ANALYZE bench_matching").await.unwrap();
        let mut least = f64::INFINITY;
        for _ in 0..5 {
            let began = Instant::now();
            database.execute_unprepared(QUESTION).await.unwrap();
            least = least.min(began.elapsed().as_secs_f64() * 1e3);
        }
        database.execute_unprepared("DROP TABLE bench_matching").await.unwrap();
        least
    })
}
