package dev.perennial.app.console.session;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Callers;
import dev.perennial.app.access.Identity;
import dev.perennial.domain.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this process, in memory alone: a restart ends them. Each holds what its user
 * signed in with, and shows it to the callers anew at every request, so that a key that was revoked
 * or has expired ends its sessions and a change of its scopes counts at once. Of too many, the one
 * longest not used ends. Thread-safe.
 */
public final class Sessions {
  /** Longest time between two requests of a person. */
  public static final Duration IDLE = Duration.ofHours(1);

  /** Longest time from signing in. */
  public static final Duration LONGEST = Duration.ofHours(12);

  /** In one process. */
  public static final int MOST = 1_000;

  private static final int BYTES = 32;

  private final Callers callers;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final int most;
  private final Map<Secret, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private record Entry(Session session, Secret bearer, Instant used) {}

  /**
   * @param random unpredictable: a {@link java.security.SecureRandom}
   */
  public Sessions(Callers callers, InstantSource clock, RandomGenerator random) {
    this(callers, clock, random, MOST);
  }

  Sessions(Callers callers, InstantSource clock, RandomGenerator random, int most) {
    this.callers = callers;
    this.clock = clock;
    this.random = random;
    this.most = most;
  }

  /** Who somebody is that shows this, before there is a session. */
  public Identity identify(Secret bearer) {
    return callers.find(bearer);
  }

  /** A new session of a caller that was just identified by the bearer token. */
  public Session open(Caller caller, Secret bearer) {
    Instant now = clock.instant();
    Session session = new Session(secret(), secret(), caller, now);
    synchronized (entries) {
      entries.values().removeIf(it -> isOver(it, now));
      if (entries.size() >= most) {
        entries.remove(entries.keySet().iterator().next());
      }
      entries.put(session.id(), new Entry(session, bearer, now));
    }
    return session;
  }

  /**
   * The session of this id as it is now.
   *
   * @param byPerson whether a person asks; what a page asks by itself does not keep a session alive
   * @return empty where there is none, it is over, or its key is not good any more
   * @throws dev.perennial.domain.UnavailableException where it cannot be told now
   */
  public Optional<Session> find(Secret id, boolean byPerson) {
    Entry entry = entry(id);
    if (entry == null) {
      return Optional.empty();
    }
    return switch (callers.find(entry.bearer())) {
      case Caller caller -> Optional.of(seen(entry, caller, byPerson));
      case Identity.Unknown _ -> {
        close(id);
        yield Optional.empty();
      }
    };
  }

  private @Nullable Entry entry(Secret id) {
    synchronized (entries) {
      Entry entry = entries.get(id);
      if (entry != null && isOver(entry, clock.instant())) {
        entries.remove(id);
        return null;
      }
      return entry;
    }
  }

  private Session seen(Entry entry, Caller caller, boolean byPerson) {
    Session before = entry.session();
    Session now = new Session(before.id(), before.token(), caller, before.since());
    Instant used = byPerson ? clock.instant() : entry.used();
    synchronized (entries) {
      entries.computeIfPresent(before.id(), (_, _) -> new Entry(now, entry.bearer(), used));
    }
    return now;
  }

  private static boolean isOver(Entry entry, Instant now) {
    return !now.isBefore(entry.used().plus(IDLE))
        || !now.isBefore(entry.session().since().plus(LONGEST));
  }

  public void close(Secret id) {
    synchronized (entries) {
      entries.remove(id);
    }
  }

  /** How many there are. */
  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  private Secret secret() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }
}
