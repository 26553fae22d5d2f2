//! The database: SQLite or PostgreSQL. It holds the JSON of a `Record`, which cannot contain a private key.

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use ssh_keypair::keypair::{KeyPairName, Record, UserId};
use ssh_keypair::os_keypairs::RequestError;
use std::str::FromStr;
use std::time::{Duration, SystemTime};
use tokio::sync::{mpsc, oneshot};

/// How long a statement waits for a database that another process has locked, or for a connection.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// The most inserts in one transaction.
const MAX_BATCH: usize = 64;

/// Runs the same statements on either database.
macro_rules! on {
    ($pool:expr, $connection:ident => $run:expr) => {
        match $pool {
            Pool::Sqlite($connection) => $run,
            Pool::Postgres($connection) => $run,
        }
    };
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

pub(crate) struct Store {
    pool: Pool,
    inserts: mpsc::Sender<Insert>,
}

/// A key pair as it was stored.
pub(crate) struct Stored {
    pub(crate) id: i64,
    pub(crate) created_at_microseconds: u64,
    pub(crate) record: Record,
}

/// A record to insert, and where the outcome goes.
struct Insert {
    user_id: UserId,
    name: KeyPairName,
    json: String,
    quota: u32,
    outcome: oneshot::Sender<Result<(), RequestError>>,
}

impl Store {
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let (pool, id) = if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // What was answered survives a power failure too.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(LOCK_TIMEOUT);
            let pool = SqlitePoolOptions::new().acquire_timeout(LOCK_TIMEOUT).max_connections(8);
            (Pool::Sqlite(pool.connect_with(options).await?), "INTEGER PRIMARY KEY AUTOINCREMENT")
        } else {
            let pool = PgPoolOptions::new().acquire_timeout(LOCK_TIMEOUT).max_connections(8);
            (Pool::Postgres(pool.connect(url).await?), "BIGSERIAL PRIMARY KEY")
        };
        // Names are sorted by their bytes.
        let collation = if matches!(pool, Pool::Sqlite(_)) { "BINARY" } else { "\"C\"" };
        let table = format!(
            "CREATE TABLE IF NOT EXISTS keypairs (id {id}, user_id TEXT NOT NULL, name TEXT COLLATE {collation} NOT NULL, \
             created_at BIGINT NOT NULL, record TEXT NOT NULL, UNIQUE (user_id, name))"
        );
        on!(&pool, connection => sqlx::query(&table).execute(connection).await.map(drop))?;
        let (inserts, queue) = mpsc::channel(MAX_BATCH);
        tokio::spawn(insert_all(pool.clone(), queue));
        Ok(Self { pool, inserts })
    }

    /// Inserts a record. Whether the name is in use, and whether the user has too many key pairs, is decided by the statement: a
    /// check before it would be a race.
    pub(crate) async fn insert(&self, record: &Record, owner: &UserId, quota: u32) -> Result<(), RequestError> {
        let json = serde_json::to_string(record).map_err(|_| RequestError::Unavailable)?;
        let (outcome, inserted) = oneshot::channel();
        let (user_id, name) = (owner.clone(), record.name().clone());
        let insert = Insert { user_id, name, json, quota, outcome };
        self.inserts.send(insert).await.map_err(|_| RequestError::Unavailable)?;
        inserted.await.unwrap_or(Err(RequestError::Unavailable))
    }

    pub(crate) async fn count(&self, owner: &UserId) -> Result<u64, RequestError> {
        let sql = "SELECT COUNT(*) FROM keypairs WHERE user_id = $1";
        let count: Result<i64, _> =
            on!(&self.pool, pool => sqlx::query_scalar(sql).bind(owner.as_str()).fetch_one(pool).await);
        Ok(u64::try_from(count.map_err(failed)?).unwrap_or_default())
    }

    pub(crate) async fn get(&self, owner: &UserId, name: &str) -> Result<Option<Stored>, RequestError> {
        let sql = "SELECT id, created_at, record FROM keypairs WHERE user_id = $1 AND name = $2";
        let row: Result<Option<(i64, i64, String)>, _> = on!(
            &self.pool,
            pool => sqlx::query_as(sql).bind(owner.as_str()).bind(name).fetch_optional(pool).await
        );
        let Some((id, created_at, json)) = row.map_err(failed)? else { return Ok(None) };
        let created_at_microseconds = u64::try_from(created_at).unwrap_or_default();
        Ok(Some(Stored { id, created_at_microseconds, record: load(&json)? }))
    }

    /// The records of a user whose names follow a name, in the order of names.
    pub(crate) async fn list(
        &self,
        owner: &UserId,
        after: &str,
        limit: Option<usize>,
    ) -> Result<Vec<Record>, RequestError> {
        let sql = "SELECT record FROM keypairs WHERE user_id = $1 AND name > $2 ORDER BY name LIMIT $3";
        let limit = limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(i64::MAX);
        let rows: Result<Vec<(String,)>, _> = on!(
            &self.pool,
            pool => sqlx::query_as(sql).bind(owner.as_str()).bind(after).bind(limit).fetch_all(pool).await
        );
        rows.map_err(failed)?.iter().map(|(json,)| load(json)).collect()
    }

    /// Deletes a key pair, and returns whether there was one.
    pub(crate) async fn delete(&self, owner: &UserId, name: &str) -> Result<bool, RequestError> {
        let sql = "DELETE FROM keypairs WHERE user_id = $1 AND name = $2";
        let deleted = on!(
            &self.pool,
            pool => sqlx::query(sql).bind(owner.as_str()).bind(name).execute(pool).await.map(|done| done.rows_affected())
        );
        Ok(deleted.map_err(failed)? > 0)
    }
}

/// Loading checks that the record is consistent: it was not changed by other means.
fn load(json: &str) -> Result<Record, RequestError> {
    serde_json::from_str(json).map_err(|error| {
        tracing::error!(%error, "a stored record is damaged");
        RequestError::Unavailable
    })
}

fn failed(error: sqlx::Error) -> RequestError {
    tracing::error!(%error, "the database failed");
    RequestError::Unavailable
}

/// Inserts what is waiting in one transaction each, because a commit waits for the disk.
async fn insert_all(pool: Pool, mut queue: mpsc::Receiver<Insert>) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let outcomes = insert_batch(&pool, &batch).await;
        let outcomes = outcomes.unwrap_or_else(|error| vec![Err(failed(error)); batch.len()]);
        for (insert, outcome) in batch.drain(..).zip(outcomes) {
            // Nobody waits if the client has gone.
            let _ = insert.outcome.send(outcome);
        }
    }
}

async fn insert_batch(pool: &Pool, batch: &[Insert]) -> Result<Vec<Result<(), RequestError>>, sqlx::Error> {
    let insert_sql = "INSERT INTO keypairs (user_id, name, created_at, record) SELECT $1, $2, $3, $4 \
                      WHERE (SELECT COUNT(*) FROM keypairs WHERE user_id = $1) < $5 ON CONFLICT DO NOTHING";
    let taken_sql = "SELECT COUNT(*) FROM keypairs WHERE user_id = $1 AND name = $2";
    let begin = if matches!(pool, Pool::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
    let mut outcomes = Vec::with_capacity(batch.len());
    on!(pool, pool => {
        let mut transaction = pool.begin_with(begin).await?;
        for Insert { user_id, name, json, quota, .. } in batch {
            let (user_id, key_name) = (user_id.as_str(), name.as_str());
            let query = sqlx::query(insert_sql).bind(user_id).bind(key_name).bind(now()).bind(json).bind(i64::from(*quota));
            outcomes.push(if query.execute(&mut *transaction).await?.rows_affected() > 0 {
                Ok(())
            } else {
                let query = sqlx::query_scalar::<_, i64>(taken_sql).bind(user_id).bind(key_name);
                let is_taken = query.fetch_one(&mut *transaction).await? > 0;
                Err(if is_taken { RequestError::NameTaken(name.clone()) } else { RequestError::QuotaExceeded })
            });
        }
        transaction.commit().await?;
    });
    Ok(outcomes)
}

/// Microseconds since 1970.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_micros()).unwrap_or(i64::MAX)
}
