/*
 * The words of the model: what is bounded, what may go wrong, what Redis, Kafka and the provider hold.
 * README.md says how to read it; `run` sets the switches (-DNAME or -DNAME=n).
 */

/* ---- How often something may go wrong; 0 or not set: never. */
#ifndef KILLS                 /* a worker dies, at any step */
#define KILLS 0
#endif
#ifndef REDELIVERIES          /* Kafka hands an event out twice */
#define REDELIVERIES 0
#endif
#ifndef LAPSES                /* a lease ends while its worker is only slow (see T_...) */
#define LAPSES 1
#endif
#ifndef NO_ANSWERS            /* an error, or no answer although the provider processed it; the sender reports it */
#define NO_ANSWERS 0
#endif
#ifndef UNREADABLES           /* a success whose body cannot be read */
#define UNREADABLES 0
#endif
#ifndef REDIS_AWAY            /* Redis cannot be reached by a worker that has an answer */
#define REDIS_AWAY 0
#endif
#ifndef DIES_UNPUBLISHED      /* the process that put or deleted dies before it publishes */
#define DIES_UNPUBLISHED 0
#endif
#ifndef FLUSHES               /* FLUSHALL: same run id, nothing left */
#define FLUSHES 0
#endif
#ifndef FAILOVERS             /* Redis goes back to an older state, under another run id */
#define FAILOVERS 0
#endif
#ifndef RETURNS               /* Redis goes back to an older state, and its run id is the one in the fence */
#define RETURNS 0
#endif
#ifndef OWNERS                /* processes that hold themselves for the shard's owner */
#define OWNERS 1
#endif

/* ---- How much is looked at. */
#ifndef EVENTS                /* refresh-due events that the scheduler emits */
#define EVENTS 4
#endif
#ifndef GOAL                  /* commits after which the scheduler has nothing to do any more */
#define GOAL 2
#endif
#define TOKENS 8              /* refresh tokens that the provider can issue */
#define LOG 20                /* records on credentials-updated */

/* ---- What a script answers: the words of the Lua files. */
mtype = {
  not_ready, missing, deleted, unpublished, stale, behind, not_yet, begun, busy, unknown,
  committed, already, superseded, recorded, ignored, stored, changed, ok, moved, healed, ready,
  resealed
};

/* ---- Status of a connection. UNREADABLE stands for refresh_failing with the reason unreadable_answer. */
#define ACTIVE 1
#define REAUTHORIZE 2
#define DELETED 3
#define FAILING 4
#define UNREADABLE 5

/* ---- How an attempt ends, when it does not vanish and is not granted. */
#define NOT_SENT 1
#define NO_ANSWER 2           /* an error of the provider, or a reported silence */
#define REFUSED 3
#define NOT_READ 4

/* ---- The provider: refresh tokens are numbers, 0 is none; a family is what one consent gave. */
byte next_token = 2;
byte family_of[TOKENS];
byte current[3];              /* of a family: the one token that works */
byte successor[TOKENS];
bit revoked[3];

/* ---- Redis. */
typedef Connection {          /* the connection's hash, and its entry in `unpublished` */
  bit present;
  byte grant; byte gen; byte version;      /* the order of everything */
  byte token; byte status;
  bit unreadable; byte raw;                /* nothing begins; the answer that could not be read */
  byte published; bit outbox;              /* highest version known to be on the topic; in `unpublished` */
  byte top; byte version_epoch;
  byte attempt; byte holder; bit lease;    /* holder: the worker that has the lease; `lease`: it is alive */
  bit is_probe; bit is_unknown; bit served;/* served: a probe failed, its wait need not be served again */
  byte last_commit; bit backoff
#ifdef STAGES
  ; byte staged; byte staged_by            /* an answer with follow-ups to come, beside what is published; whose */
#endif
#ifdef RESEAL
  ; bit key; byte before                   /* 1: sealed with the new key; before_warning, 0: none */
#endif
};
typedef Shard {               /* the shard's hash */
  byte fence; byte healing;                /* run ids */
  bit quarantine;
  byte epoch;
  byte topic_offset; byte journal_offset;  /* stored as offset + 1; 0: not there */
  bit journal_wanted;
  byte journal_until                       /* the attempt whose last possible record is applied */
};
Connection conn, conn_behind; /* ..._behind: the replica */
Shard shard, shard_behind;
byte run_id = 1;                 /* run id of the Redis that answers */
byte next_attempt = 1;

/* ---- Kafka. It loses nothing that it has acknowledged. */
typedef Updated { byte grant; byte gen; byte version; byte token; byte status };
Updated topic[LOG]; byte topic_end = 0;    /* credentials-updated */
typedef Journaled { byte grant; byte gen; byte token; byte attempt };  /* attempt 0: a consent */
Journaled journal[4]; byte journal_end = 0;
chan due = [6] of { byte, byte };          /* refresh-due: number of the event, version */

/* ---- Where the processes stand. 0: consent or delete, 1 and 2: workers, 3 and 4: owners, 5: outbox round. */
#ifdef RESEAL
#define PROCESSES 7           /* 6: keys rotate */
#else
#define PROCESSES 6
#endif
#define IDLE 0
#define BEGUN 1
#define CHECKED 2             /* the last look at the deadline is past */
#define ANSWERED 3
#define PUBLISHING 4
#define PUBLISHED 5
#define TAKEN 6               /* has an event, has not begun */
byte at[PROCESSES];
byte answer_of[PROCESSES];    /* an answer that is only in this memory */
byte saying[PROCESSES];       /* the token in a publication under way */
bit excused[3];               /* was kept stopped past a probe */
bit too_late[3];              /* the lease ended while it was under way: the deadline is over */
bit older[PROCESSES];         /* what it does was begun before the fence was set */
#define UNDER_WAY(p) (at[p] >= BEGUN && at[p] <= ANSWERED)

/* ---- What is left of the bounds, and what the checks remember. */
byte kills = KILLS, redeliveries = REDELIVERIES, lapses = LAPSES, no_answers = NO_ANSWERS,
  unreadables = UNREADABLES, redis_away = REDIS_AWAY, dies_unpublished = DIES_UNPUBLISHED,
  events = EVENTS, losses = FLUSHES + FAILOVERS + RETURNS, commits = 0;
byte next_event = 1; bit handled[20];
byte last_grant = 1;          /* the newest consent that the provider knows */
bit was_deleted = 0, doubt = 0, excuse = 0;
bit gone = 0;                 /* an answer is lost for good, and what Redis knew of its attempt may be, too */
#if FLUSHES + FAILOVERS + RETURNS > 0
#define GONE gone = 1
#else
#define GONE skip
#endif
byte q; bit held;
