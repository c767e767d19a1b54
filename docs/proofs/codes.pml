/*
 * Authorization codes: one code, two workers, the shard's owner. A code is never sent twice (RFC 6749 section 4.1.2), and
 * every code is settled: connected, or failed with a reason. The words are those of words.pml, the sections those of
 * scripts.pml; time is what nobody does any more, as there.
 */
#ifndef KILLS
#define KILLS 1
#endif
#ifndef REDELIVERIES
#define REDELIVERIES 1
#endif
#ifndef REDIS_AWAY
#define REDIS_AWAY 1
#endif
#ifndef FLUSHES
#define FLUSHES 0
#endif
#ifndef FAILOVERS
#define FAILOVERS 0
#endif

mtype = { none, begun, connected, failed };                     /* the code's record */
mtype = { not_ready, lost, in_flight, ok, stored, already, missing, advanced, ignored };    /* with begun, connected, failed: the answers */

mtype record = none, record_behind;       /* ..._behind: the replica */
byte attempt, attempt_behind;
bit staged, staged_behind;                /* the code is answered, and its tokens are in the record; follow-ups remain */
bit has, has_behind;                      /* the connection stands in Redis with the tokens of this code */
byte line = 1;                            /* names the healing; 0: none stands */
byte healings = 1;
bit on_topic = 0, on_journal = 0, said_failed = 0;
byte sent = 0, next_attempt = 1;
bit holds[3];                             /* a worker has tokens that nobody else has */
byte at[3];                               /* 1: code begun, not settled by this worker */
byte kills = KILLS, redeliveries = REDELIVERIES, redis_away = REDIS_AWAY, losses = FLUSHES + FAILOVERS;
chan code_received = [3] of { byte };     /* the healing at the callback */
#define FENCED (line != 0)

/* ---- code_begin.lua */
#ifdef M_RESEND_AFTER_LOSS                /* a code without a record is sent, whatever was lost */
#define SAME_HEALING(h) 1
#else
#define SAME_HEALING(h) (h == line)
#endif
#define LEFT_STAGED (staged && !at[1] && !at[2])          /* the lease of who had it is over */
inline code_begin_script(who, healing) {
  if
  :: !FENCED -> reply = not_ready
  :: FENCED && record == none && has -> reply = connected        /* what came of it may be all that was not lost */
  :: FENCED && record == none && !has && !SAME_HEALING(healing) -> reply = lost
  :: FENCED && record == none && !has && SAME_HEALING(healing) -> record = begun; attempt = who; reply = begun
  :: FENCED && record == begun && LEFT_STAGED -> attempt = who; reply = begun
  :: FENCED && record == begun && !LEFT_STAGED -> reply = in_flight      /* the same attempt again: begun; not asked twice here */
  :: FENCED && record == connected -> reply = connected
  :: FENCED && record == failed -> reply = failed
  fi
}

/* ---- code_advance.lua */
inline code_advance_script(who) {
  if
  :: !FENCED -> reply = not_ready
  :: FENCED && record == none -> reply = missing                        /* Redis went back: it stays in memory */
  :: FENCED && record != none && (record != begun || attempt != who) -> reply = ignored
  :: FENCED && record == begun && attempt == who -> staged = 1; reply = advanced
  fi
}

/* ---- code_fail.lua */
inline code_fail_script() {
  if
  :: !FENCED -> reply = not_ready
  :: else ->
    if :: record == connected || record == failed :: else -> record = failed; staged = 0 fi;
    reply = ok
  fi
}

/* ---- What put.lua does to the code; its answers are in scripts.pml. */
inline put_code(owner) {
  if
  :: !FENCED && !(owner) -> reply = not_ready
  :: (FENCED || (owner)) && has -> reply = already
  :: (FENCED || (owner)) && !has ->
    has = 1; if :: record != none -> record = connected; staged = 0 :: else fi;
    reply = stored
  fi
}

#define MAY_DIE :: atomic { kills > 0 -> kills--; code_received!healing; holds[w] = 0; at[w] = 0; printf("MSC: worker %d killed\n", w); goto start }

#ifdef AS_DRAFTED_DROPPED
#define FIRST_LOOK 1
#else
#define FIRST_LOOK 0              /* to ask again while nothing changed is no step */
#endif
proctype Worker(byte w) {
  byte healing, who; mtype reply;
start:
  atomic { healing = 0; who = 0; reply = 0; at[w] = 0; holds[w] = 0 }
end_idle:
  code_received?healing;
  if :: atomic { redeliveries > 0 -> redeliveries--; code_received!healing } :: skip fi;
again:
  atomic { FENCED && (record != begun || FIRST_LOOK || LEFT_STAGED) -> code_begin_script(next_attempt, healing);
    if
    :: reply == begun -> who = next_attempt; next_attempt++; at[w] = 1; reply = 0; if :: staged -> goto follow :: else fi
    :: reply == lost -> reply = 0; printf("MSC: worker %d: lost\n", w); goto settle_failed
    :: reply == connected -> reply = 0; on_topic = 1; goto start          /* says it again */
#ifndef AS_DRAFTED_DROPPED                /* in flight is no end: asked again until the record says one, or is lost */
    :: reply == in_flight -> reply = 0; at[w] = 0; goto again
#endif
    :: else -> reply = 0; goto start
    fi }
  if :: skip MAY_DIE fi;
  atomic { sent++; holds[w] = 1; printf("MSC: worker %d sends the code\n", w); assert(sent <= 1) }
  if :: skip MAY_DIE fi;
#ifdef STAGES
  atomic { code_advance_script(who);                                    /* Redis that cannot take it: it stays in memory */
#ifdef M_ADVANCE_DROPPED                  /* who cannot write down how far it came drops the event */
    if :: reply == ignored || reply == missing -> reply = 0; goto start :: else -> reply = 0 fi };
#else
    if :: reply == ignored -> reply = 0; at[w] = 0; holds[w] = 0; goto again :: else -> reply = 0 fi };
#endif
follow:
  if :: skip MAY_DIE fi;                                                /* the follow-up */
#else
follow:
#endif
  atomic {
    if :: redis_away > 0 -> redis_away--; on_journal = 1; goto start :: skip fi;
    put_code(0);
    if
    :: reply == not_ready -> reply = 0; on_journal = 1; printf("MSC: worker %d journals\n", w); goto start
    :: else -> reply = 0
    fi }
  if :: skip MAY_DIE fi;
  atomic { on_topic = 1; printf("MSC: worker %d says connected\n", w); goto start }
settle_failed:
  atomic { said_failed = 1; printf("MSC: worker %d says failed\n", w) }
  if
  :: atomic { FENCED -> code_fail_script(); reply = 0; goto start }
  MAY_DIE
  fi
}

/* ---- The owner: heals, applies the journal, settles codes whose worker vanished: the lease is over, and delivery later the journal was read. */
#ifdef M_VANISHED_UNDRAINED
#define DRAINED 1
#else
#define DRAINED (!on_journal)
#endif
proctype Owner() {
  mtype reply;
end_owner:
  do
  :: atomic { !FENCED && (has || !on_topic) && !on_journal -> healings++; line = healings; printf("MSC: ready\n") }
  :: atomic { !has && on_topic -> has = 1 }                             /* heals, fenced or not */
  :: atomic { on_journal && (has || !on_topic) -> put_code(1); reply = 0 };
     atomic { on_topic = 1; on_journal = 0; printf("MSC: owner says connected\n") }
  :: atomic { FENCED && record == begun && !at[1] && !at[2] && DRAINED -> said_failed = 1;
#ifdef CHECK_VANISHED
       assert(!has && !on_journal);
#endif
       printf("MSC: owner says failed\n") };
     atomic { if :: FENCED -> code_fail_script(); reply = 0 :: else fi }
  od
}

#if FLUSHES + FAILOVERS > 0
proctype Loss() {
  atomic { record_behind = record; has_behind = has; attempt_behind = attempt; staged_behind = staged };
  atomic { losses--; line = 0;
#if FLUSHES > 0
    record = none; has = 0; attempt = 0; staged = 0;
#else
    record = record_behind; has = has_behind; attempt = attempt_behind; staged = staged_behind;
#endif
    printf("MSC: Redis loses data\n") }
}
#endif

proctype Witness() {
  timeout;
  assert(FENCED && !on_journal);
  assert(len(code_received) == 0);
  assert(said_failed || (has && on_topic))       /* EveryCodeSettled */
}

init { atomic {
  code_received!line;
  run Worker(1); run Worker(2); run Owner(); run Witness();
#if FLUSHES + FAILOVERS > 0
  run Loss();
#endif
} }
