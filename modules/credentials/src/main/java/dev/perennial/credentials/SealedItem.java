package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.Purpose;
import dev.perennial.domain.credential.Status;

/**
 * Something sealed as it stood in Redis.
 *
 * @param key whose it is
 */
public record SealedItem(Kind kind, ConnectionKey key, Sealed sealed, Place place) {

  /** What it is. */
  public enum Kind {
    CREDENTIAL("credentials", Purpose.CREDENTIAL),
    /** An answer whose follow-up requests are still to come. */
    STAGED("staged answers", Purpose.CREDENTIAL),
    UNREADABLE("unreadable answers", Purpose.UNREADABLE_ANSWER),
    /** The same as staged, of a code. */
    CODE("staged codes", Purpose.CREDENTIAL),
    PENDING("pending authorizations", Purpose.PENDING_AUTHORIZATION),
    SESSION("connect sessions", Purpose.CONNECT_SESSION);

    private final String text;
    private final Purpose purpose;

    Kind(String text, Purpose purpose) {
      this.text = text;
      this.purpose = purpose;
    }

    /** In words, in the plural. */
    public String text() {
      return text;
    }

    /** What it was sealed for. */
    public Purpose purpose() {
      return purpose;
    }
  }

  /** Where it stood. */
  public sealed interface Place {
    /** The tokens of a connection, as they are published. */
    record Published(long grant, long tokenGen, long version, Status status) implements Place {}

    /** A field of a hash that is never published. */
    record Field(String hash, String field) implements Place {}

    /** A string: the connection, a line feed, and the sealed bytes in base64. */
    record Text(String name, String was) implements Place {}
  }

  /** Tokens that somebody still expects to be refreshed or served. */
  public boolean isAlive() {
    return place instanceof Place.Published published
        && switch (published.status()) {
          case ACTIVE, REFRESH_FAILING -> true;
          case REAUTHORIZATION_REQUIRED, EXPIRED, DELETED -> false;
        };
  }
}
