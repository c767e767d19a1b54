package dev.perennial.app.console;

import dev.perennial.app.console.session.Session;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an action has to say, told once on the page that follows it. Kept here and not in an
 * address, where a link would lie about. Bounded. Thread-safe.
 */
final class Notices {
  private static final int MOST = 1_000;

  private final Map<Place, Notice> all = new LinkedHashMap<>();

  private record Place(Secret session, ConnectionKey key) {}

  /**
   * One thing to say.
   *
   * @param good whether what was wanted was done
   * @param follows what comes behind the change of this number is to be told on the page; null
   *     where nothing is
   * @param link for one consent; null without
   * @param until how long the link is good
   */
  record Notice(
      boolean good,
      String title,
      String text,
      @Nullable Long follows,
      @Nullable Secret link,
      @Nullable Instant until) {
    static Notice done(String title, String text, @Nullable Long follows) {
      return new Notice(true, title, text, follows, null, null);
    }

    static Notice refused(String title, String text) {
      return new Notice(false, title, text, null, null, null);
    }
  }

  void leave(Session session, ConnectionKey key, Notice notice) {
    synchronized (all) {
      all.remove(new Place(session.id(), key));
      all.put(new Place(session.id(), key), notice);
      if (all.size() > MOST) {
        all.remove(all.keySet().iterator().next());
      }
    }
  }

  Optional<Notice> take(Session session, ConnectionKey key) {
    synchronized (all) {
      return Optional.ofNullable(all.remove(new Place(session.id(), key)));
    }
  }
}
