/*
 * Who calls the scripts: workers, the shard's owner, the outbox round, the scheduler, a consent, a deletion; and who
 * breaks things: time, and the loss of Redis's data.
 */

inline append(xg, xt, xv, xtok, xst) {          /* acks=all */
  q = 0;
  do                                            /* EveryVersionPublishedInOrder: one content per (grant, token_gen, version) */
  :: q < topic_end -> assert(!(topic[q].grant == xg && topic[q].gen == xt && topic[q].version == xv && (topic[q].token != xtok || topic[q].status != xst))); q++
  :: else -> break
  od; q = 0;
  assert(topic_end < LOG - 1);
  topic[topic_end].grant = xg; topic[topic_end].gen = xt; topic[topic_end].version = xv; topic[topic_end].token = xtok; topic[topic_end].status = xst;
  topic_end++;
  printf("MSC: %d publishes grant %d gen %d v%d token %d status %d\n", _pid, xg, xt, xv, xtok, xst)
}
inline journal_append(xg, xt, xtok, xatt) {
  journal[journal_end].grant = xg; journal[journal_end].gen = xt; journal[journal_end].token = xtok; journal[journal_end].attempt = xatt;
  journal_end++;
  printf("MSC: %d journals token %d\n", _pid, xtok)
}
/* What a script returned: published as it is, never read a second time. */
inline snapshot(p) { sg = conn.grant; st = conn.gen; sv = conn.version; ss = SAID_STATUS; saying[p] = conn.token; at[p] = PUBLISHING }
inline forget_snapshot(p) { sg = 0; st = 0; sv = 0; ss = 0; saying[p] = 0 }

/* Whether anybody still holds token t: the store, the topic, the journal, the memory of somebody alive and not excused. */
inline is_held(t) {
  held = (conn.present && (conn.token == t || conn.raw == t));
#ifdef STAGES
  held = held || (conn.present && conn.staged == t);
#endif
  q = 0; do :: q < topic_end -> held = held || topic[q].token == t; q++ :: else -> break od;
  q = 0; do :: q < journal_end -> held = held || journal[q].token == t; q++ :: else -> break od;
  q = 0; do :: q < PROCESSES -> held = held || ((answer_of[q] == t || saying[q] == t) && !(q < 3 && excused[q])); q++ :: else -> break od;
  q = 0
}

/* ---- A worker of the exchanger: one event after the other. */

#ifdef T_PAST_PROBE
#define STOPPED_PAST_PROBE(w) (at[w] == ANSWERED)
#else
#define STOPPED_PAST_PROBE(w) 0
#endif
#define MAY_DIE(w) :: atomic { kills > 0 -> kills--; if :: !handled[id] -> due!id,ev :: else fi; if :: at[w] == PUBLISHING || at[w] == ANSWERED && !journaled -> GONE :: else fi; printf("MSC: worker %d killed at %d\n", w, at[w]); goto start }

proctype Worker(byte w) {
  byte id, ev, grant, gen, spent, answer, who, how, sg, st, sv, ss; bit journaled, probes, says; mtype reply;
start:
  atomic { id = 0; ev = 0; grant = 0; gen = 0; spent = 0; answer = 0; who = 0; how = 0; journaled = 0; probes = 0; says = 0; reply = 0;
    forget_snapshot(w); at[w] = IDLE; answer_of[w] = 0; excused[w] = 0; too_late[w] = 0; older[w] = 0 }
end_idle:
  atomic { due?id,ev -> at[w] = TAKEN };
  if :: atomic { redeliveries > 0 -> redeliveries--; due!id,ev } :: skip fi;

  atomic {                                                              /* begin */
    begin_script(w, ev);
    if
#ifdef STAGES
    :: reply == begun && IS_STAGED ->                                   /* an earlier worker was answered: go on after that */
       reply = 0; who = conn.attempt; probes = 0; grant = conn.grant; gen = conn.gen; answer = conn.staged;
       answer_of[w] = answer; at[w] = ANSWERED; too_late[w] = 0; older[w] = 0; printf("MSC: worker %d goes on with token %d\n", w, answer); goto follow
#endif
    :: reply == begun && !IS_STAGED ->
       reply = 0; who = conn.attempt; probes = conn.is_probe; grant = conn.grant; gen = conn.gen; spent = conn.token; at[w] = BEGUN; too_late[w] = 0; older[w] = 0;
       if :: probes -> printf("MSC: worker %d probes\n", w); if :: STOPPED_PAST_PROBE(3 - w) -> excused[3 - w] = 1; excuse = 1 :: else fi
          :: else -> printf("MSC: worker %d begins %d with token %d\n", w, who, spent) fi
    :: reply == unpublished -> reply = 0; snapshot(w); goto publish
    :: else -> if :: reply == behind -> printf("MSC: behind\n") :: else fi; reply = 0; goto drop
    fi
  }
  if :: skip MAY_DIE(w) fi;
  atomic { if :: too_late[w] -> how = NOT_SENT; goto fail :: else -> at[w] = CHECKED fi }   /* the last look at the deadline */

  atomic {                                                              /* the token endpoint */
    if :: no_answers > 0 -> no_answers--; printf("MSC: worker %d hears an error, nothing was processed\n", w); how = NO_ANSWER; goto fail :: skip fi;
    printf("MSC: worker %d sends token %d\n", w, spent);
    if
    :: revoked[family_of[spent]] -> answer = 0
    :: !revoked[family_of[spent]] && current[family_of[spent]] == spent ->
       family_of[next_token] = family_of[spent]; current[family_of[spent]] = next_token; successor[spent] = next_token; answer = next_token; next_token++;
       assert(next_token < TOKENS)
    :: !revoked[family_of[spent]] && current[family_of[spent]] != spent ->
#if defined(ALWAYS)
       answer = successor[spent]
#else
       if
#ifdef WINDOW
       :: window_open && successor[spent] == current[family_of[spent]] -> answer = successor[spent]
#endif
       :: else ->
          is_held(current[family_of[spent]]);
#ifdef CHECK_HELD
          assert(!held || excuse);                                      /* NoRefreshTokenSpentTwice */
#endif
          revoked[family_of[spent]] = 1; answer = 0; printf("MSC: a replay\n")
       fi
#endif
    fi;
    answer_of[w] = answer; at[w] = ANSWERED
  }
  if
  :: skip
  MAY_DIE(w)
  :: atomic { no_answers > 0 -> no_answers--; printf("MSC: worker %d: processed, the answer is lost on its way\n", w); GONE; answer_of[w] = 0; answer = 0; how = NO_ANSWER; goto fail }
  :: atomic { unreadables > 0 && answer != 0 -> unreadables--; printf("MSC: worker %d cannot read its answer\n", w); how = NOT_READ; goto fail }
  fi;
  if :: answer == 0 -> how = REFUSED; goto fail :: else fi;

#ifdef STAGES
  atomic {                                                              /* commit, follow-ups remain */
    commit_stage(w, who, grant, gen, answer);
    if
    :: reply == superseded || reply == deleted -> reply = 0; goto drop
    :: else -> reply = 0                                                /* Redis that cannot take it: it stays in memory */
    fi
  }
follow:
  if :: skip MAY_DIE(w) fi;                                             /* the follow-up; it spends nothing */
#endif
commit:
  if
  :: atomic { !journaled && redis_away > 0 -> redis_away--; journal_append(grant, gen, answer, who); journaled = 1 };
     if :: goto drop :: goto commit fi                                  /* the acknowledgement came, or not */
  MAY_DIE(w)
  :: atomic {
       commit_script(0, who, grant, gen, answer);
       if
       :: reply == committed || reply == already -> printf("MSC: worker %d commits v%d token %d\n", w, conn.version, answer); reply = 0; answer_of[w] = 0; snapshot(w); goto publish
       :: reply == superseded || reply == deleted -> reply = 0; goto drop
       :: reply == not_ready || reply == missing -> reply = 0; if :: !journaled -> journal_append(grant, gen, answer, who) :: else fi; goto drop
       fi
     }
  fi;

publish:
  if :: skip MAY_DIE(w) fi;
  atomic { append(sg, st, sv, saying[w], ss); at[w] = PUBLISHED };
  if :: skip MAY_DIE(w) fi;
  atomic { published_script(0, sg, sv); reply = 0; goto drop };

fail:                                                                   /* insists until it is recorded */
  if
  :: atomic { FENCED && !BEHIND_REPORT(grant, gen, how) -> fail_script(who, grant, gen, probes, how, answer); printf("MSC: worker %d reports %d\n", w, how);
       reply = 0; if :: says -> says = 0; answer_of[w] = 0; snapshot(w) :: else -> goto drop fi };
     goto publish
  MAY_DIE(w)
  fi;

drop:
  atomic { handled[id] = 1; goto start }
}

/* ---- Time. A lease ends under a worker that is only slow where T_... allows it there. */
#ifdef T_PAUSE                /* between begin and the last look at the deadline */
#define MAY_PAUSE 1
#else
#define MAY_PAUSE (at[conn.holder] != BEGUN)
#endif
#ifdef T_GAP                  /* between the last look and the first byte */
#define MAY_GAP 1
#else
#define MAY_GAP (at[conn.holder] != CHECKED)
#endif
#ifdef T_LATE                 /* with an answer in its memory */
#define MAY_BE_LATE 1
#else
#define MAY_BE_LATE (at[conn.holder] != ANSWERED)
#endif
proctype Time() {
end_time:
  do
  :: atomic { lapses > 0 && conn.present && conn.lease && conn.holder != 0 && UNDER_WAY(conn.holder) && MAY_PAUSE && MAY_GAP && MAY_BE_LATE ->
       lapses--; conn.lease = 0; too_late[conn.holder] = 1; printf("MSC: the lease ends\n") }
  :: atomic { conn.present && conn.lease && (conn.holder == 0 || !UNDER_WAY(conn.holder)) -> conn.lease = 0 }
  :: atomic { conn.present && conn.backoff -> conn.backoff = 0 }
#ifdef WINDOW
  :: atomic { window_open && !UNDER_WAY(1) && !UNDER_WAY(2) -> window_open = 0 }   /* lease + deadline end inside the window */
#endif
  od
}

/* ---- The shard's owner. It acts on what it saw when it last looked; the scripts compare. */

#define OWNER(o) (3 + o)
/* lease + delivery after the fence: whatever was begun before it is over, and on topic or journal */
#ifdef M_QUARANTINE_SHORT
#define CALM_TIME 1
#else
#ifdef RESEAL
#define CALM_TIME (!older[0] && !older[1] && !older[2] && !older[3] && !older[4] && !older[5] && !older[6])
#else
#define CALM_TIME (!older[0] && !older[1] && !older[2] && !older[3] && !older[4] && !older[5])
#endif
#endif
/* lease_until + delivery of the attempt in the hash: the same for it */
#ifdef T_PAST_PROBE
#define HOLDER_TIME (conn.holder == 0 || at[conn.holder] == IDLE || at[conn.holder] == TAKEN || at[conn.holder] == ANSWERED)
#else
#define HOLDER_TIME (conn.holder == 0 || !UNDER_WAY(conn.holder))
#endif
#ifdef M_QUARANTINE_TOPIC_UNREAD
#define TOPIC_READ 1
#else
#define TOPIC_READ (pos >= to_topic)
#endif
#ifdef M_QUARANTINE_JOURNAL_UNREAD
#define JOURNAL_APPLIED 1
#else
#define JOURNAL_APPLIED (jfrom >= to_journal)
#endif
#ifdef M_READY_JOURNAL_UNREAD
#define READY_JOURNAL 1
#else
#define READY_JOURNAL (jfrom >= to_journal)
#endif
#ifdef M_JOURNAL_FENCED       /* the owner's steps from the journal wait for the fence as well */
#define OWNERS_OWN 0
#define JOURNAL_TURN sees_ready
#else
#define OWNERS_OWN 1
#define JOURNAL_TURN (sees_ready || pos >= to_topic)
#endif
#ifdef M_JOURNAL_FIRST        /* the journal is applied before the topic */
#undef JOURNAL_TURN
#define JOURNAL_TURN 1
#endif
#define SEES_TRUE (known && my_run == run_id && shard.topic_offset == from + 1 && shard.journal_offset == jfrom + 1 && sees_ready == FENCED)
#define WITH_SUSPECT(i, n) (suspect != 0 && suspect - 1 < (n) -> suspect - 1 : (n))
#define FIRST_UNREAD(i) ((i) < topic_start -> topic_start : (i))

proctype Owner(byte o) {
  byte my_run, from, pos, jfrom, suspect, to_topic, to_journal, for_who, sg, st, sv, ss, next, who; bit known, sees_ready, checkpoint, calm, regressed; mtype reply;
end_owner:
  do
  :: atomic { !SEES_TRUE ->                                             /* look */
       attend_script();
       known = 1; my_run = run_id; sees_ready = FENCED; from = shard.topic_offset - 1; pos = from; jfrom = shard.journal_offset - 1; suspect = 0;
       checkpoint = 0; calm = 0; for_who = 0; to_topic = 0; to_journal = 0;
       if :: !sees_ready -> to_topic = topic_end; to_journal = journal_end :: else fi;
       printf("MSC: owner %d looks: ready %d topic %d/%d journal %d/%d\n", o, sees_ready, from, topic_end, jfrom, journal_end) }

  :: atomic { known && pos < topic_end ->                               /* one record of the topic */
       pos = FIRST_UNREAD(pos);
       next = WITH_SUSPECT(pos, pos + 1);
       heal_script(my_run, from, next, pos);
       if
       :: reply == moved -> known = 0
       :: else ->
          from = shard.topic_offset - 1;
          if :: regressed -> if :: suspect == 0 -> suspect = pos + 1 :: else fi :: else -> suspect = 0 fi;
          pos++; regressed = 0
       fi;
       next = 0; reply = 0 }

  :: atomic { known && pos == topic_end && suspect == 0 && from < pos ->  /* the suspect was not the last of its key */
       heal_script(my_run, from, pos, topic_end);
       if :: reply == moved -> known = 0 :: else -> from = pos fi;
       reply = 0 }

#ifndef M_NO_REPUBLICATION
  :: atomic { known && pos == topic_end && suspect != 0 && conn.present -> snapshot(OWNER(o)) };   /* regressed: say the current one again */
     atomic { append(sg, st, sv, saying[OWNER(o)], ss); forget_snapshot(OWNER(o)); at[OWNER(o)] = IDLE; older[OWNER(o)] = 0;
       suspect = 0;
       heal_script(my_run, from, pos, topic_end);
       if :: reply == moved -> known = 0 :: else -> from = pos fi;
       reply = 0 }
#else
  :: atomic { known && pos == topic_end && suspect != 0 ->
       suspect = 0; heal_script(my_run, from, pos, topic_end); if :: reply == moved -> known = 0 :: else -> from = pos fi; reply = 0 }
#endif

  :: atomic { known && JOURNAL_TURN && jfrom < journal_end ->           /* one record of the journal: apply, publish, mark, move on */
       sg = journal[jfrom].grant; st = journal[jfrom].gen; next = journal[jfrom].token; who = journal[jfrom].attempt;
       if
       :: who != 0 -> commit_script(OWNERS_OWN, who, sg, st, next)
       :: else -> put_script(OWNERS_OWN, ANY_VERSION, sg, next)
       fi;
       sg = 0; st = 0; next = 0; who = 0;
       if
       :: reply == committed || reply == stored || reply == already -> printf("MSC: owner %d applies journal %d: v%d\n", o, jfrom, conn.version); reply = 0; snapshot(OWNER(o))
       :: reply == not_ready -> reply = 0; known = 0; goto end_owner
       :: else -> reply = 0                                             /* superseded, deleted */
       fi };
     if
     :: atomic { at[OWNER(o)] == PUBLISHING -> append(sg, st, sv, saying[OWNER(o)], ss); at[OWNER(o)] = PUBLISHED };
        atomic { published_script(1, sg, sv); reply = 0; forget_snapshot(OWNER(o)); at[OWNER(o)] = IDLE; older[OWNER(o)] = 0 }
     :: else
     fi;
     atomic { journal_script(my_run, jfrom); if :: reply == moved -> known = 0 :: else -> jfrom++ fi; reply = 0 }

  :: atomic { known && !sees_ready && pos >= to_topic && READY_JOURNAL -> /* topic and journal are applied up to their ends */
       ready_script(my_run, from);
       if :: reply == moved -> known = 0 :: else -> sees_ready = 1; to_topic = 0; to_journal = 0; printf("MSC: owner %d: ready\n", o) fi;
       reply = 0 }

  :: atomic { known && sees_ready && !checkpoint && (shard.quarantine && CALM_TIME || shard.journal_wanted && HOLDER_TIME) ->
       checkpoint = 1; to_topic = topic_end; to_journal = journal_end;
       calm = (shard.quarantine && CALM_TIME); for_who = (HOLDER_TIME -> conn.attempt : 0) }

  :: atomic { known && checkpoint && TOPIC_READ && JOURNAL_APPLIED ->
       settled_script(my_run, calm, for_who);
       if :: reply == moved -> known = 0 :: else -> printf("MSC: owner %d: settled, calm %d, attempt %d\n", o, calm, for_who) fi;
       checkpoint = 0; to_topic = 0; to_journal = 0; calm = 0; for_who = 0; reply = 0 }

#ifdef OWNER_DIES
  :: atomic { known && owner_dies > 0 -> owner_dies--; known = 0; printf("MSC: owner %d is followed by another\n", o) }
#endif
  od
}

/* ---- The outbox round: publishes what has stood unpublished longer than a living writer takes. */
#ifdef T_OUTBOX_EARLY
#define LEFT_BEHIND 1
#else
#define LEFT_BEHIND (at[0] != PUBLISHING && at[1] != PUBLISHING && at[2] != PUBLISHING && at[3] != PUBLISHING && at[4] != PUBLISHING)
#endif
proctype Outbox() {
  byte sg, st, sv, ss; mtype reply;
end_outbox:
  do
  :: atomic { FENCED && conn.present && conn.outbox && LEFT_BEHIND -> snapshot(5) };
     atomic { append(sg, st, sv, saying[5], ss) };
     atomic { published_script(0, sg, sv); reply = 0; forget_snapshot(5); at[5] = IDLE; older[5] = 0 }
  od
}

/* ---- The scheduler: the current version; where ANY_TIME, also while workers are at it. Events that are asked for look the same. */
#ifdef ANY_TIME
#define QUIET 1
#else
#define QUIET (at[0] == IDLE && at[1] == IDLE && at[2] == IDLE && !conn.backoff && !shard.quarantine && !conn.outbox && shard.topic_offset == topic_end + 1 && shard.journal_offset == journal_end + 1 || events == EVENTS && at[1] == IDLE && at[2] == IDLE)
#endif
proctype Scheduler() {
end_scheduler:
  do
  :: atomic { (events > 0 && len(due) == 0 && conn.present && FENCED && (conn.status == ACTIVE || conn.status == FAILING) && !conn.lease && QUIET
         && (commits < GOAL || conn.attempt != 0 || conn.status == FAILING || doubt)) ->
       events--; due!next_event,conn.version; next_event++ }
  od
}

/* ---- A new consent, whose code another process has exchanged. With IMPORT it comes by hand: only over the version that was
   looked at, looking again where that has changed, and never through the journal. */
#ifdef CONSENT
proctype Consent() {
  byte sg, st, sv, ss; byte over_version = ANY_VERSION; mtype reply;
  atomic { FENCED -> at[0] = ANSWERED; family_of[next_token] = 2; current[2] = next_token; answer_of[0] = next_token; last_grant = 2; next_token++; assert(next_token < TOKENS) }
#ifdef IMPORT
look:
  atomic { FENCED -> over_version = conn.version }
#endif
  atomic {
#ifndef IMPORT
    if
    :: redis_away > 0 -> redis_away--; journal_append(2, 0, answer_of[0], 0); goto over
    :: skip
    fi;
#endif
    put_script(0, over_version, 2, answer_of[0]);
    if
#ifdef IMPORT
    :: reply == not_ready || reply == changed -> reply = 0; goto look
#else
    :: reply == not_ready -> reply = 0; journal_append(2, 0, answer_of[0], 0); goto over
#endif
    :: reply == stored || reply == already -> reply = 0; answer_of[0] = 0; snapshot(0); printf("MSC: consent stored as v%d\n", sv)
    :: else -> reply = 0; goto over
    fi
  }
  if :: atomic { dies_unpublished > 0 -> dies_unpublished--; printf("MSC: dies before it publishes\n"); goto over } :: skip fi;
  atomic { append(sg, st, sv, saying[0], ss) }
  atomic { published_script(0, sg, sv); reply = 0 }
over:
  atomic { answer_of[0] = 0; forget_snapshot(0); at[0] = IDLE; older[0] = 0 }
}
#endif

/* ---- A deletion, by the admin API. */
#ifdef DELETION
proctype Deletion() {
  byte sg, st, sv, ss; mtype reply;
  atomic { FENCED && conn.present -> sg = conn.grant + 1; delete_script(sg); reply = 0; was_deleted = 1; snapshot(0); printf("MSC: deleted as v%d\n", sv) }
  if :: atomic { dies_unpublished > 0 -> dies_unpublished--; goto over } :: skip fi;
  atomic { append(sg, st, sv, 0, ss) }
  atomic { published_script(0, sg, sv); reply = 0 }
over:
  atomic { forget_snapshot(0); at[0] = IDLE; older[0] = 0 }
}
#endif

/* ---- keys rotate: everybody seals with the new key already; what stands there is read, and sealed anew where it is still that. */
#ifdef RESEAL
proctype Reseal() {
  byte sg, st, sv, ss, rg, rt, rv; mtype reply;
end_reseal:
  do
  :: atomic { FENCED && conn.present && conn.status != DELETED && !conn.key -> rg = conn.grant; rt = conn.gen; rv = conn.version };
     atomic { reseal_script(rg, rt, rv); rg = 0; rt = 0; rv = 0;
       if
       :: reply == resealed || reply == unpublished -> reply = 0; snapshot(6); printf("MSC: sealed anew or said: v%d\n", sv)
       :: else -> reply = 0; goto end_reseal
       fi };
     if :: atomic { dies_unpublished > 0 -> dies_unpublished--; printf("MSC: keys rotate dies before it publishes\n"); goto over } :: skip fi;
     atomic { append(sg, st, sv, saying[6], ss) };
     atomic { published_script(0, sg, sv); reply = 0 };
over:
     atomic { forget_snapshot(6); at[6] = IDLE; older[6] = 0 }
  od
}
#endif

/* ---- Redis loses data. The replica is a copy of some earlier moment: of everything, as replication keeps the order. */
inline copy_redis(c1, s1, c2, s2) {
  c1.present = c2.present; c1.grant = c2.grant; c1.gen = c2.gen; c1.version = c2.version; c1.token = c2.token; c1.status = c2.status; c1.unreadable = c2.unreadable; c1.raw = c2.raw;
  c1.published = c2.published; c1.outbox = c2.outbox; c1.top = c2.top; c1.version_epoch = c2.version_epoch;
  c1.attempt = c2.attempt; c1.holder = c2.holder; c1.lease = c2.lease; c1.is_probe = c2.is_probe; c1.is_unknown = c2.is_unknown; c1.served = c2.served;
  COPY_STAGED(c1, c2); COPY_SEAL(c1, c2); c1.last_commit = c2.last_commit; c1.backoff = c2.backoff;
  s1.fence = s2.fence; s1.healing = s2.healing; s1.quarantine = s2.quarantine; s1.epoch = s2.epoch;
  s1.topic_offset = s2.topic_offset; s1.journal_offset = s2.journal_offset; s1.journal_wanted = s2.journal_wanted; s1.journal_until = s2.journal_until
}
#if FAILOVERS + RETURNS > 0
proctype Failover() {
  byte left = FAILOVERS + RETURNS;
again:
  atomic { copy_redis(conn_behind, shard_behind, conn, shard) };
  atomic { losses--; copy_redis(conn, shard, conn_behind, shard_behind);
#if RETURNS > 0
#ifndef AS_DRAFTED_RUN        /* the fence names the promotion, not only the process */
    run_id++;
#endif
#else
    run_id++;
#endif
    printf("MSC: FAILOVER to v%d gen %d attempt %d\n", conn.version, conn.gen, conn.attempt);
    left--; if :: left > 0 -> goto again :: else fi }
}
#endif
#if FLUSHES > 0
proctype Flush() {
  byte left = FLUSHES;
again:
  atomic { losses--;
    conn.present = 0; conn.grant = 0; conn.gen = 0; conn.version = 0; conn.token = 0; conn.status = 0; conn.unreadable = 0; conn.raw = 0; conn.published = 0; conn.outbox = 0;
    conn.top = 0; conn.version_epoch = 0; conn.last_commit = 0; conn.backoff = 0; FORGET_SEAL; clear_attempt();
    shard.fence = 0; shard.healing = 0; shard.quarantine = 0; shard.epoch = 0; shard.topic_offset = 0; shard.journal_offset = 0; shard.journal_wanted = 0; shard.journal_until = 0;
    printf("MSC: FLUSHALL\n"); left--; if :: left > 0 -> goto again :: else fi }
}
#endif

/* ---- Compaction: keeps the last record of the key. min.compaction.lag is longer than the owner is ever behind. */
#ifdef COMPACTION
proctype Compaction() {
end_compaction:
  atomic { topic_end > 1 && shard.topic_offset == topic_end + 1 -> topic_start = topic_end - 1; printf("MSC: compacted to v%d\n", topic[topic_start].version) }
}
#endif
