package dev.perennial.domain.credential;

import dev.perennial.domain.ConnectionKey;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is looked for among all connections. Every part that is given must hold. Immutable.
 *
 * @param seen integrations that whoever looks may see at all
 * @param integration slug; empty = any
 * @param name of the connection; empty = any
 * @param status empty = any but deleted
 * @param reason code; empty = any or none
 * @param expiresBefore also leaves out what never ends; empty = any or no end
 */
public record ConnectionSearch(
    Predicate<String> seen,
    Optional<String> integration,
    Optional<Name> name,
    Optional<Status> status,
    Optional<String> reason,
    Optional<Instant> expiresBefore) {

  /**
   * A part of a connection id.
   *
   * @param text case counts
   * @param beginning the id begins with the text; else the text stands anywhere in it
   */
  public record Name(String text, boolean beginning) {
    boolean isIn(String id) {
      return beginning ? id.startsWith(text) : id.contains(text);
    }
  }

  /** All that there are but deleted ones. */
  public static final ConnectionSearch ALL =
      new ConnectionSearch(
          any -> true,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Whether a connection may be meant, as far as its key tells. */
  public boolean mayBe(ConnectionKey key) {
    return seen.test(key.integration())
        && integration.map(key.integration()::equals).orElse(true)
        && name.map(it -> it.isIn(key.connection())).orElse(true);
  }

  /** Whether more than the key, and that it lives, has to be known of a connection. */
  public boolean needsMore() {
    return status.isPresent() || reason.isPresent() || expiresBefore.isPresent();
  }

  public boolean matches(CredentialState state) {
    return mayBe(state.key())
        && matches(
            state.status(),
            state.reason() == null ? Optional.empty() : Optional.of(state.reason().code()),
            Optional.ofNullable(state.expiresAt()));
  }

  /** The same for a connection whose key {@linkplain #mayBe may be} meant. */
  public boolean matches(Status now, Optional<String> because, Optional<Instant> expiresAt) {
    return status.map(now::equals).orElse(now != Status.DELETED)
        && reason.map(it -> because.filter(it::equals).isPresent()).orElse(true)
        && expiresBefore.map(it -> expiresAt.filter(it::isAfter).isPresent()).orElse(true);
  }
}
