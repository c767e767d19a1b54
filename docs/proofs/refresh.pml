/*
 * The refresh protocol: one connection of one shard, two workers. What the words mean: words.pml; what Redis does: scripts.pml;
 * who does it: processes.pml; here is what must hold, and the start.
 */
#include "words.pml"
byte topic_start = 0;
#ifdef OWNER_DIES
byte owner_dies = OWNER_DIES;
#endif
#ifdef WINDOW
bit window_open = 1;
#endif
#include "scripts.pml"
#include "processes.pml"

/* ---- What must hold when nothing moves any more. */
byte i, hg, ht, hv, htok, hst;
proctype Witness() {
  timeout;
  atomic {
    i = topic_start;
    do
    :: i < topic_end ->
       if :: ABOVE(topic[i].grant, topic[i].gen, topic[i].version, hg, ht, hv) -> hg = topic[i].grant; ht = topic[i].gen; hv = topic[i].version; htok = topic[i].token; hst = topic[i].status :: else fi;
       i++
    :: else -> break
    od;
    printf("MSC: end: present %d fence %d run %d quarantine %d; grant %d gen %d v%d token %d status %d attempt %d; published %d outbox %d; topic: v%d gen %d, last v%d; events %d commits %d; provider: %d revoked %d; topic %d/%d journal %d/%d doubt %d\n",
      conn.present, shard.fence, run_id, shard.quarantine, conn.grant, conn.gen, conn.version, conn.token, conn.status, conn.attempt, conn.published, conn.outbox,
      hv, ht, topic[topic_end - 1].version, events, commits, current[last_grant], revoked[last_grant], shard.topic_offset - 1, topic_end, shard.journal_offset - 1, journal_end, doubt);
    /* RedisIsRebuildable: it comes back, with all of topic and journal */
    assert(conn.present && FENCED && !shard.quarantine && shard.topic_offset == topic_end + 1 && shard.journal_offset == journal_end + 1);
#ifdef CHECK_TOPIC
    /* EveryVersionPublishedInOrder: what is stored is the highest on the topic, and the last */
    assert(hg == conn.grant && ht == conn.gen && hv == conn.version && htok == conn.token && hst == SAID_STATUS && !conn.outbox);
    assert(topic[topic_end - 1].grant == hg && topic[topic_end - 1].gen == ht && topic[topic_end - 1].version == hv);
#endif
#ifdef RESEAL
    /* nothing that lives is left with the old key, here or on the topic */
    assert(conn.status == DELETED || conn.key);
#endif
#ifdef CHECK_CONSENT
    assert(was_deleted || conn.grant == last_grant);
#endif
#ifdef CHECK_LOST
    /* NoGrantSilentlyLost: an active credential is the one that works, or the next look will find out: there is doubt, or
       the answer and the attempt are both lost (only where the bound on events ends the run before that look) */
    assert(was_deleted || (events == 0 && (doubt || gone)) || !(conn.status == ACTIVE && conn.attempt == 0 && (revoked[last_grant] || conn.token != current[last_grant])));
    /* and it moved on, or says why not */
    assert(was_deleted || conn.status != ACTIVE || commits >= GOAL || conn.attempt != 0 || events == 0);
#endif
#ifdef CHECK_KEPT
    /* nothing may be lost at all */
    assert(was_deleted || ((conn.status == ACTIVE || conn.status == FAILING) && !revoked[last_grant] && conn.token == current[last_grant]));
#endif
#ifdef CHECK_UNREADABLE
    assert(conn.status != UNREADABLE || conn.raw == current[last_grant]);
#endif
#ifdef CHECK_DELETED
    assert(!was_deleted || (conn.status == DELETED && STATUS_OF(topic_end - 1) == DELETED));
#endif
  }
}

init {
  atomic {
    family_of[1] = 1; current[1] = 1;
    conn.present = 1; conn.version = 1; conn.grant = 1; conn.gen = 1; conn.token = 1; conn.status = ACTIVE; conn.published = 1; conn.top = 1; conn.version_epoch = 1;
    shard.fence = run_id; shard.epoch = 1; shard.topic_offset = 2; shard.journal_offset = 1;
    topic[0].version = 1; topic[0].grant = 1; topic[0].gen = 1; topic[0].token = 1; topic[0].status = ACTIVE; topic_end = 1;
    run Worker(1); run Worker(2); run Time(); run Owner(0); run Outbox(); run Scheduler(); run Witness();
#if OWNERS > 1
    run Owner(1);
#endif
#ifdef CONSENT
    run Consent();
#endif
#ifdef RESEAL
    run Reseal();
#endif
#ifdef DELETION
    run Deletion();
#endif
#if FAILOVERS + RETURNS > 0
    run Failover();
#endif
#if FLUSHES > 0
    run Flush();
#endif
#ifdef COMPACTION
    run Compaction();
#endif
  }
}
