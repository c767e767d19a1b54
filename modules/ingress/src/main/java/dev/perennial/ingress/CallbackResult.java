package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Reason;
import org.jspecify.annotations.Nullable;

/** How a callback ended. */
sealed interface CallbackResult {

  /** The consent it belongs to is over and said so on a topic: its state is spent. */
  sealed interface Settled extends CallbackResult {}

  /** Nothing was done: a state that was held is good again. */
  sealed interface Untouched extends CallbackResult {}

  /** The code is on its way to the exchanger. */
  record Accepted(ConnectionKey key, String authorization, Asker asker) implements Settled {}

  /**
   * The provider answered with an error (RFC 6749 section 4.1.2.1).
   *
   * @param said the provider's own words, untrusted, cut short; null where it has none
   */
  record Denied(ConnectionKey key, Reason reason, @Nullable String said, Asker asker)
      implements Settled {}

  /** Neither a code nor an error came. */
  record MissingCode(ConnectionKey key, Asker asker) implements Settled {}

  /** {@code state}, {@code code} or {@code error} came more than once. */
  record RepeatedParameter(String name) implements Untouched {}

  record MissingState() implements Untouched {}

  /** Never given out, or long gone. */
  record UnknownState() implements Untouched {}

  record ExpiredState(ConnectionKey key) implements Untouched {}

  /** The state has done its work before, for this consent. */
  record ReplayedState(ConnectionKey key, String authorization) implements Untouched {}

  /** The state was given out for another integration (RFC 9700 section 4.4, mix-up). */
  record WrongIntegration() implements Untouched {}

  /** The consent began in another browser, or its cookie is gone. */
  record WrongBrowser(ConnectionKey key) implements Untouched {}

  /** The answer is another authorization server's (RFC 9207), or does not say whose it is. */
  record WrongIssuer(ConnectionKey key) implements Untouched {}

  /** Another consent has used the link up. */
  record UsedLink(ConnectionKey key) implements Untouched {}

  /** Another callback with the same state is being worked on. */
  record Busy() implements Untouched {}
}
