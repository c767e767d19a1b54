package dev.perennial.app.keys;

import dev.perennial.app.role.KeyTools;
import dev.perennial.credentials.SealedItem;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.event.Event.ConsentJournaled;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.ShardLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is sealed with which key, counted where it stands: in Redis, and on the topics as far as it
 * is still needed. Not thread-safe.
 */
public final class Inventory {
  private final KeyTools tools;

  public Inventory(KeyTools tools) {
    this.tools = tools;
  }

  /** Everything in Redis. */
  public KeyUse redis() {
    KeyUse use = new KeyUse();
    redis(use);
    return use;
  }

  /**
   * Everything that needs its key: in Redis, the records of {@code credentials-updated} that it
   * would be rebuilt from, and what lies on {@code grant-journal} and {@code code-received} and has
   * not been worked off.
   */
  public KeyUse needed() {
    KeyUse use = new KeyUse();
    redis(use);
    Map<Integer, Long> codes = tools.codesHandled();
    for (int shard = 0; shard < tools.shards(); shard++) {
      topic(shard, use);
      long applied = tools.scan().journalApplied(shard);
      read(tools.journal(), shard, applied, event -> add(event, "answers on grant-journal", use));
      long handled = codes.getOrDefault(shard, 0L);
      read(tools.codes(), shard, handled, event -> add(event, "codes on code-received", use));
    }
    return use;
  }

  private void redis(KeyUse use) {
    tools
        .scan()
        .all(page -> {
          for (SealedItem item : page) {
            use.add(item.sealed(), item.kind().text());
          }
        });
  }

  /** Of each connection the highest record and the last one: compaction keeps the last. */
  private void topic(int shard, KeyUse use) {
    Map<ConnectionKey, CredentialState> last = new HashMap<>();
    Map<ConnectionKey, CredentialState> highest = new HashMap<>();
    read(
        tools.topic(),
        shard,
        0,
        event -> {
          if (event instanceof CredentialUpdated(CredentialState state)) {
            last.put(state.key(), state);
            highest.merge(state.key(), state, (a, b) -> a.compareTo(b) >= 0 ? a : b);
          }
        });
    highest.forEach((key, state) -> {
      add(state.sealed(), "records on credentials-updated", use);
      CredentialState end = last.get(key);
      if (end != null && end.compareTo(state) != 0) {
        add(end.sealed(), "records on credentials-updated", use);
      }
    });
  }

  private static void read(ShardLog log, int shard, long from, Consumer<Event> events) {
    long end = log.end(shard);
    long position = from;
    while (position < end) {
      ShardLog.Batch batch = log.read(shard, position);
      for (ShardLog.Entry entry : batch.entries()) {
        Event event = entry.event();
        if (event != null) {
          events.accept(event);
        }
      }
      position = batch.next();
    }
  }

  private static void add(Event event, String what, KeyUse use) {
    List<@Nullable Sealed> all =
        switch (event) {
          case AnswerJournaled answer -> List.of(answer.tokens().sealed());
          case ConsentJournaled consent -> List.of(consent.tokens().sealed());
          case CodeReceived code -> List.of(code.sealed());
          default -> List.of();
        };
    all.forEach(sealed -> add(sealed, what, use));
  }

  private static void add(@Nullable Sealed sealed, String what, KeyUse use) {
    if (sealed != null) {
      use.add(sealed, what);
    }
  }
}
