package dev.perennial.app.access;

import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import java.util.List;

/** A way to tell who shows a bearer token. Thread-safe. */
@FunctionalInterface
public interface Callers {

  /**
   * @throws UnavailableException where it cannot be told now
   */
  Identity find(Secret bearer);

  /** The first way that knows the token; else the first that says why it does not. */
  static Callers any(Callers... ways) {
    List<Callers> all = List.of(ways);
    return bearer -> {
      Identity unknown = Identity.Unknown.OF_ANOTHER_KIND;
      for (Callers way : all) {
        Identity found = way.find(bearer);
        if (found instanceof Caller) {
          return found;
        }
        unknown = unknown.equals(Identity.Unknown.OF_ANOTHER_KIND) ? found : unknown;
      }
      return unknown;
    };
  }
}
