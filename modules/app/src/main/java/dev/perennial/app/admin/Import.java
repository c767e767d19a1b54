package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.exchanger.GivenTokens;

/**
 * What somebody brings for a connection.
 *
 * @param identity the same for the same content, another one for any other
 */
record Import(ConnectionKey key, Content content, String identity) {

  /** What there is to be kept. */
  sealed interface Content {

    /** Tokens in the open. */
    record Open(GivenTokens tokens) implements Content {}

    /**
     * A line of an export.
     *
     * @param doubtful whether it was not active
     */
    record Exported(Origin origin, Sealed sealed, boolean doubtful) implements Content {}
  }

  @Override
  public String toString() {
    return "Import[" + key + "]";
  }
}
