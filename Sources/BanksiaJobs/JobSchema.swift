public import BanksiaSQL

/// The tables of the queue.
public enum JobSchema {
    /// To be run with those of everyone else, by `Database.migrate`.
    public static var migrations: [Migration] { [jobs] }

    private static let jobs = Migration(
        id: "jobs-0001",
        """
        CREATE TABLE job (
            id ID NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            subject ID,
            scope ID,
            payload JSON NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'started', 'success', 'failure')),
            priority INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            interruptions INTEGER NOT NULL DEFAULT 0,
            created_at INSTANT NOT NULL,
            started_at INSTANT,
            completed_at INSTANT,
            run_at INSTANT NOT NULL,
            -- who works on it, and until when that holds without a sign of life
            owner TEXT,
            lease_until INSTANT,
            -- it was wanted once more while it was being worked on
            again BOOL NOT NULL,
            -- not to be begun until what it belongs to goes on
            paused BOOL NOT NULL DEFAULT FALSE,
            error_message TEXT,
            outcome TEXT,
            result TEXT,
            CHECK ((status = 'started') = (owner IS NOT NULL)),
            CHECK ((status = 'started') = (lease_until IS NOT NULL)),
            CHECK ((status IN ('success', 'failure')) = (completed_at IS NOT NULL))
        );

        -- at most one unfinished job of a kind works on a subject; the kind stands behind, or PostgreSQL, which knows nothing of
        -- a table that was empty a moment ago, would read and sort all jobs of a kind through this index to find the next
        CREATE UNIQUE INDEX job_unfinished ON job (subject, kind) WHERE status IN ('pending', 'started');
        -- the next job of a kind
        CREATE INDEX job_ready ON job (kind, priority DESC, run_at, id) WHERE status = 'pending' AND NOT paused;
        -- those under way
        CREATE INDEX job_lease ON job (lease_until) WHERE status = 'started';
        -- lists, newest first
        CREATE INDEX job_scope ON job (scope, id);
        CREATE INDEX job_scope_kind ON job (scope, kind, id);
        CREATE INDEX job_scope_failure ON job (scope, id) WHERE status = 'failure';
        CREATE INDEX job_scope_pending ON job (scope, id) WHERE status = 'pending';
        CREATE INDEX job_subject ON job (subject, id);
        CREATE INDEX job_completed ON job (completed_at);
        """)
}
