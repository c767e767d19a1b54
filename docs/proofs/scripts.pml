/*
 * One section for each script: the same name, the same answers. ModelDriftTest compares the answers (what stands
 * behind `reply =` in a section) with those of the Lua files. Each is called inside one atomic step, as Redis does.
 */

#define FENCED (shard.fence == run_id)                                          /* fenced.lua */
#ifdef AS_DRAFTED_UNCHECKED   /* the owner's steps do not ask which Redis this is */
#define OPEN(owner) (FENCED || (owner))
#else
#define OPEN(owner) (FENCED || (owner) && shard.healing == run_id)              /* owner.lua */
#endif
#define ABOVE(g1,t1,v1, g2,t2,v2) ((g1) > (g2) || (g1) == (g2) && ((t1) > (t2) || (t1) == (t2) && (v1) > (v2)))
#define STORED_ABOVE(i) ABOVE(conn.grant, conn.gen, conn.version, topic[i].grant, topic[i].gen, topic[i].version)
#define RECORD_ABOVE(i) ABOVE(topic[i].grant, topic[i].gen, topic[i].version, conn.grant, conn.gen, conn.version)

/* ---- What the scripts share: prelude.lua */

#ifdef M_NO_GAP
#define GAP 0
#else
#define GAP 4                 /* 16 as built; more than one lost Redis can give out here */
#endif
#ifdef RESEAL                 /* a new key: what it seals is other bytes, so other content; it travels beside the status */
#define FORGET_BEFORE conn.before = 0
#define SEAL_ANEW conn.key = 1
#define COPY_SEAL(c1, c2) c1.key = c2.key; c1.before = c2.before
#define NAMES_CURRENT(v) ((v) <= conn.version && (v) >= (conn.before != 0 -> conn.before : conn.version))
#define SAID_STATUS (conn.status + 8 * conn.key)
#define STATUS_OF(i) (topic[i].status & 7)
#define FORGET_SEAL conn.key = 0; conn.before = 0
#define HEAL_SEAL(i) conn.key = topic[i].status >> 3; conn.before = 0
#else
#define FORGET_BEFORE skip
#define SEAL_ANEW skip
#define COPY_SEAL(c1, c2) skip
#define NAMES_CURRENT(v) ((v) == conn.version)
#define SAID_STATUS conn.status
#define STATUS_OF(i) topic[i].status
#define FORGET_SEAL skip
#define HEAL_SEAL(i) skip
#endif
inline next_version() {
  if :: conn.top > conn.version -> conn.version = conn.top :: else fi;
  conn.version = conn.version + 1 + (conn.version_epoch != shard.epoch -> GAP : 0);
  conn.version_epoch = shard.epoch; conn.outbox = 1; FORGET_BEFORE
}
#ifdef STAGES                 /* a request follows the first one: its answer is committed before, under the same attempt */
#define CLEAR_STAGED conn.staged = 0; conn.staged_by = 0
#define COPY_STAGED(c1, c2) c1.staged = c2.staged; c1.staged_by = c2.staged_by
#define IS_STAGED (conn.staged_by != 0)
#define OTHERS_STAGE(who, g, t) (conn.staged_by != 0 && conn.staged_by != (who) && conn.grant == (g) && conn.gen == (t))
#define LAST_OF(who) ((who) + 64)          /* committed_attempt names the stage as well */
#else
#define CLEAR_STAGED skip
#define COPY_STAGED(c1, c2) skip
#define IS_STAGED 0
#define OTHERS_STAGE(who, g, t) 0
#define LAST_OF(who) (who)
#endif
inline clear_attempt() {
  CLEAR_STAGED;
  conn.attempt = 0; conn.holder = 0; conn.lease = 0; conn.is_probe = 0; conn.is_unknown = 0; conn.served = 0
}
inline settle() { conn.status = ACTIVE; conn.unreadable = 0; conn.raw = 0; conn.backoff = 0; clear_attempt() }

inline mark_published(mpv) {
  if :: mpv > conn.published -> conn.published = mpv :: else fi;
  conn.outbox = conn.outbox && mpv != conn.version
}

/* ---- begin.lua */

/* Time is not counted: what a time stands for is said by what nobody does any more. A probe's time has come when the
   one who vanished is not between begin and commit; T_PAST_PROBE lets him be stopped for longer, and excuses him. */
#ifdef T_PAST_PROBE
#define PROBE_TIME(w) (at[3 - w] != BEGUN && at[3 - w] != CHECKED)
#else
#define PROBE_TIME(w) (!UNDER_WAY(3 - w))
#endif
#ifdef M_PROBE_UNDRAINED      /* a probe does not wait for the journal */
#define JOURNAL_READ 1
#else
#define JOURNAL_READ (shard.journal_until == conn.attempt)
#endif
#ifdef ALWAYS                 /* reuse_window: always */
#define MAY_REPEAT(w) 1
#else
#ifdef WINDOW                 /* a window that may end at any time */
#define MAY_REPEAT(w) (conn.served || window_open)
#else
#ifdef M_PROBE_AT_ONCE
#define MAY_REPEAT(w) 1
#else
#define MAY_REPEAT(w) conn.served
#endif
#endif
#endif
#define NEVER_SEEN(v) ((v) > conn.version && (v) > conn.top)
#define DROP_FENCE shard.fence = 0; shard.healing = 0; shard.topic_offset = 0
inline write_attempt(w, probe) {
  conn.attempt = next_attempt; next_attempt++; conn.holder = w; conn.lease = 1;
  conn.is_probe = probe; conn.is_unknown = 0; conn.served = 0
}
inline begin_script(w, event_version) {
  if
  :: !FENCED -> reply = not_ready
  :: else ->
    if
    :: !conn.present -> reply = missing
    :: conn.present && conn.status == DELETED -> reply = deleted
    :: conn.present && conn.status != DELETED && !NAMES_CURRENT(event_version) ->
      if
      :: conn.published < conn.version -> reply = unpublished
      :: conn.published >= conn.version && !NEVER_SEEN(event_version) -> reply = stale
      :: conn.published >= conn.version && NEVER_SEEN(event_version) -> DROP_FENCE; reply = behind
      fi
    :: conn.present && NAMES_CURRENT(event_version) && (conn.status == REAUTHORIZE || conn.unreadable) -> reply = stale
    :: conn.present && NAMES_CURRENT(event_version) && conn.status != DELETED && conn.status != REAUTHORIZE && !conn.unreadable ->
      if
      :: shard.quarantine || conn.backoff -> reply = not_yet
      :: else ->
        if
        :: conn.attempt == 0 -> write_attempt(w, 0); reply = begun
        :: conn.attempt != 0 && conn.lease -> reply = busy
        :: conn.attempt != 0 && !conn.lease && IS_STAGED -> conn.lease = 1; conn.holder = w; reply = begun
        :: conn.attempt != 0 && !conn.lease && !IS_STAGED ->
          if
          :: MAY_REPEAT(w) || (PROBE_TIME(w) && JOURNAL_READ) -> write_attempt(w, 1); reply = begun
          :: else -> conn.is_unknown = 1;
             if :: shard.journal_until != conn.attempt -> shard.journal_wanted = 1 :: else fi;
             reply = unknown
          fi
        fi
      fi
    fi
  fi
}

/* ---- commit.lua; owner: by the shard's owner from the journal, fence or not */

#ifdef M_BASE_EQUAL           /* the base must equal the stored one, even where Redis is behind */
#define BASE_HOLDS(g, t) (conn.status != DELETED && conn.grant == g && conn.gen == t)
#else
#define BASE_HOLDS(g, t) (conn.grant < g || conn.grant == g && conn.status != DELETED && conn.gen <= t)
#endif
#ifdef M_GEN_IS_VERSION       /* the same answer gets another number where it is applied again */
#define GEN_OF(t) conn.version
#else
#define GEN_OF(t) ((t) + 1)
#endif
inline commit_script(owner, who, g, t, new_token) {
  if
  :: !OPEN(owner) -> reply = not_ready
  :: OPEN(owner) && !conn.present && !owner -> reply = missing
  :: OPEN(owner) && conn.present && conn.last_commit == LAST_OF(who) -> reply = already
  :: OPEN(owner) && conn.present && conn.last_commit != LAST_OF(who) && (!BASE_HOLDS(g, t) || OTHERS_STAGE(who, g, t)) ->
    if :: conn.status == DELETED -> reply = deleted :: else -> reply = superseded fi
  :: OPEN(owner) && (!conn.present && owner || conn.present && conn.last_commit != LAST_OF(who) && BASE_HOLDS(g, t) && !OTHERS_STAGE(who, g, t)) ->
    if :: conn.present && conn.status == REAUTHORIZE -> doubt = 1 :: else fi;   /* due at once */
    conn.present = 1; conn.grant = g; conn.token = new_token; SEAL_ANEW; conn.last_commit = LAST_OF(who);
    settle(); next_version(); conn.gen = GEN_OF(t); commits++;
    reply = committed
  fi
}
#ifdef STAGES                 /* the same script, where it is not the last stage */
inline commit_stage(w, who, g, t, new_token) {
  if
  :: !FENCED -> reply = not_ready
  :: FENCED && !conn.present -> reply = missing
  :: FENCED && conn.present && conn.last_commit == who -> reply = already
  :: FENCED && conn.present && conn.last_commit != who && (!BASE_HOLDS(g, t) || OTHERS_STAGE(who, g, t)) ->
    if :: conn.status == DELETED -> reply = deleted :: else -> reply = superseded fi
  :: FENCED && conn.present && conn.last_commit != who && BASE_HOLDS(g, t) && !(conn.grant == g && conn.gen == t) -> reply = missing
  :: FENCED && conn.present && conn.last_commit != who && conn.grant == g && conn.gen == t && conn.status != DELETED && !OTHERS_STAGE(who, g, t) ->
#ifdef M_STAGE_OVERWRITES     /* in place of the published tokens: what is said again is another content */
    conn.token = new_token;
#endif
    conn.staged = new_token; conn.staged_by = who; conn.last_commit = who;
    conn.attempt = who; conn.holder = w; conn.lease = 1; conn.is_probe = 0; conn.is_unknown = 0; conn.served = 0;
    reply = committed
  fi
}
#endif

/* ---- fail.lua */

/* A report counts for its own base and attempt. An answer that could not be read is the only copy of one, so it counts
   by its base, whoever has the attempt; where Redis is behind that base (it lost data), it has to wait until it is not. */
#ifdef AS_DRAFTED_UNREADABLE
#define REPORT_COUNTS(who, g, t, kind) (conn.attempt == who && conn.grant == g && conn.gen == t)
#define BEHIND_REPORT(g, t, kind) 0
#else
#define REPORT_COUNTS(who, g, t, kind) (conn.grant == g && conn.gen == t && (conn.attempt == who || kind == NOT_READ))
#define BEHIND_REPORT(g, t, kind) (kind == NOT_READ && (conn.grant < g || conn.grant == g && conn.gen < t))
#endif
inline fail_script(who, g, t, probe, kind, body) {
  says = 0;
  if
  :: !FENCED || (conn.present && conn.status != DELETED && BEHIND_REPORT(g, t, kind)) -> reply = not_ready
  :: FENCED && (!conn.present || conn.status == DELETED) -> reply = ignored
  :: FENCED && conn.present && conn.status != DELETED && !BEHIND_REPORT(g, t, kind) && !REPORT_COUNTS(who, g, t, kind) ->
    if :: kind == REFUSED && probe -> doubt = 1 :: else fi;                     /* due at once */
    reply = ignored
  :: FENCED && conn.present && conn.status != DELETED && REPORT_COUNTS(who, g, t, kind) ->
    if
    :: kind == REFUSED ->
#ifdef CHECK_REFUSAL
      assert(!(conn.token == current[conn.grant] && !revoked[conn.grant]));     /* LoserNeverHarmsWinner */
#endif
      conn.status = REAUTHORIZE; clear_attempt(); next_version(); doubt = 0; says = 1
    :: kind == NOT_READ ->
      conn.status = UNREADABLE; conn.unreadable = 1; conn.raw = body; next_version(); says = 1
    :: kind == NOT_SENT || kind == NO_ANSWER ->
      if :: conn.is_probe -> conn.is_unknown = 1; conn.holder = 0; conn.lease = 0; conn.served = 1 :: else -> clear_attempt() fi;
      conn.backoff = 1;
      if :: kind == NO_ANSWER && conn.status == ACTIVE -> conn.status = FAILING; next_version(); says = 1 :: else fi
    fi;
    reply = recorded
  fi
}

/* ---- put.lua; owner: by the shard's owner from the journal, fence or not */

#define ANY_VERSION 0         /* a consent asks for none; what it comes over does not matter */
inline put_script(owner, over_version, g, new_token) {
  if
  :: !OPEN(owner) -> reply = not_ready
  :: OPEN(owner) && conn.grant == g && conn.status != DELETED -> reply = already
  :: OPEN(owner) && (conn.grant > g || conn.grant == g && conn.status == DELETED) -> reply = superseded
  :: OPEN(owner) && conn.grant < g && over_version != ANY_VERSION && over_version != conn.version -> reply = changed
  :: OPEN(owner) && conn.grant < g && (over_version == ANY_VERSION || over_version == conn.version) ->
    if :: !conn.present -> conn.version_epoch = shard.epoch :: else fi;
    conn.present = 1; conn.token = new_token; SEAL_ANEW; conn.last_commit = 0;
    settle(); next_version(); conn.grant = g; conn.gen = 1;
    reply = stored
  fi
}

/* ---- delete.lua */

inline delete_script(g) {
  if
  :: !FENCED -> reply = not_ready
  :: FENCED && (!conn.present || conn.grant >= g) -> reply = ignored
  :: FENCED && conn.present && conn.grant < g ->
    settle(); conn.token = 0; SEAL_ANEW; conn.last_commit = 0; next_version(); conn.grant = g; conn.gen = 0; conn.status = DELETED;
    reply = deleted
  fi
}

#ifdef RESEAL
/* ---- reseal.lua: the same tokens with the new key */

#ifdef M_RESEAL_IN_PLACE      /* no new version: the same one with other bytes */
#define RESEAL_VERSION skip
#else
#define RESEAL_VERSION q = (conn.before != 0 -> conn.before : conn.version); next_version(); conn.before = q; q = 0
#endif
inline reseal_script(g, t, v) {
  if
  :: !FENCED -> reply = not_ready
  :: FENCED && !conn.present -> reply = missing
  :: FENCED && conn.present && (conn.grant != g || conn.gen != t || conn.version != v || conn.key) -> reply = changed
  :: FENCED && conn.present && conn.grant == g && conn.gen == t && conn.version == v && !conn.key ->
    if
#ifndef M_RESEAL_OVER_NEWS    /* it takes the place of a version that nobody was told */
    :: conn.published < conn.version -> reply = unpublished
#endif
    :: else -> conn.key = 1; RESEAL_VERSION; reply = resealed
    fi
  fi
}
#endif

/* ---- published.lua; owner: also while the shard is not ready */

inline published_script(owner, g, v) {
  if
  :: !OPEN(owner) -> reply = not_ready
  :: else ->
    if :: conn.present && conn.grant == g -> mark_published(v) :: else fi;
    reply = ok
  fi
}

/* ---- attend.lua: no verdict; what the owner sees when it looks */

inline attend_script() {
  if
  :: !FENCED && shard.healing != run_id ->
    shard.fence = 0; shard.quarantine = 0; shard.healing = run_id;
    shard.epoch++
  :: else
  fi;
  if :: shard.topic_offset == 0 -> shard.topic_offset = 1 :: else fi;
  if :: shard.journal_offset == 0 -> shard.journal_offset = 1 :: else fi
}

/* ---- heal.lua: one record of the topic, at offset i; i == topic_end: none, only the offset is moved */

#ifdef M_HEAL_BY_VERSION      /* by (grant, version), as the protocol once had it */
#define COPIED(i) (topic[i].grant > conn.grant || topic[i].grant == conn.grant && topic[i].version > conn.version)
#define BELOW(i) (conn.grant > topic[i].grant || conn.grant == topic[i].grant && conn.version > topic[i].version)
#else
#define COPIED(i) RECORD_ABOVE(i)
#define BELOW(i) STORED_ABOVE(i)
#endif
#ifdef AS_DRAFTED_SUSPECT     /* only the next step moves the offset back to a suspect */
#define STAYS 0
#else
#define STAYS 1
#endif
inline heal_script(owner_run, from, next, i) {
  regressed = 0;
  if
  :: run_id != owner_run || shard.topic_offset != from + 1 -> reply = moved
  :: run_id == owner_run && shard.topic_offset == from + 1 ->
    if
    :: i == topic_end
    :: i < topic_end && (!conn.present || COPIED(i)) ->
      if :: conn.present && conn.grant == topic[i].grant && conn.gen == topic[i].gen :: else -> clear_attempt(); conn.unreadable = 0; conn.raw = 0 fi;
      if :: STATUS_OF(i) == UNREADABLE -> conn.unreadable = 1 :: else fi;   /* the body may be lost, not the fact */
      if :: topic[i].version > conn.top -> conn.top = topic[i].version :: else fi;
      if :: conn.version > conn.top -> conn.top = conn.version :: else fi;
      conn.present = 1; conn.grant = topic[i].grant; conn.gen = topic[i].gen; conn.version = topic[i].version;
      conn.token = topic[i].token; conn.status = STATUS_OF(i); HEAL_SEAL(i); conn.published = topic[i].version;
      conn.outbox = 0; conn.backoff = 0;
      printf("MSC: healed to grant %d gen %d v%d\n", conn.grant, conn.gen, conn.version)
    :: i < topic_end && conn.present && !COPIED(i) ->
      if
      :: BELOW(i) ->
        if :: topic[i].version > conn.top -> conn.top = topic[i].version :: else fi;
        regressed = (conn.published >= conn.version)
      :: else -> mark_published(topic[i].version)
      fi
    fi;
    shard.topic_offset = (regressed && STAYS && i < next -> i : next) + 1;
    reply = healed
  fi
}

/* ---- ready.lua */

inline ready_script(owner_run, from) {
  if
  :: run_id != owner_run || shard.topic_offset != from + 1 -> reply = moved
  :: run_id == owner_run && shard.topic_offset == from + 1 && FENCED -> reply = ready
  :: run_id == owner_run && shard.topic_offset == from + 1 && !FENCED ->
    shard.fence = run_id; shard.healing = 0; shard.journal_wanted = 0; shard.journal_until = 0;
#ifndef M_NO_QUARANTINE
    shard.quarantine = 1;
#endif
    q = 0; do :: q < PROCESSES -> older[q] = (at[q] != IDLE && at[q] != TAKEN); q++ :: else -> break od; q = 0;
    reply = ready
  fi
}

/* ---- settled.lua: all that was on topic and journal at some time is applied; that time was late enough to end the
   quarantine (calm), and late enough for the attempt `who` (0: for none) */

inline settled_script(owner_run, calm, who) {
  if
  :: shard.fence != owner_run || run_id != owner_run -> reply = moved
  :: else ->
    if :: who != 0 && who == conn.attempt -> shard.journal_until = who; shard.journal_wanted = 0 :: else fi;
    if :: calm -> shard.quarantine = 0 :: else fi;
    reply = ok
  fi
}

/* ---- journal.lua */

inline journal_script(owner_run, from) {
  if
  :: run_id != owner_run || shard.journal_offset != from + 1 -> reply = moved
  :: else -> shard.journal_offset = from + 2; reply = ok
  fi
}
