package dev.perennial.domain.definition;

import dev.perennial.domain.Secret;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls to a provider beside token requests. Each is bounded in time and size, follows no redirect
 * and reaches public addresses only. Blocks. Thread-safe.
 */
public interface ProviderCalls {

  /**
   * The context with the authorization server's metadata in it (RFC 8414, OpenID Connect
   * Discovery), read anew from time to time; the same context where the definition has no {@code
   * discovery}.
   *
   * @throws CallFailedException where it cannot be had
   */
  ConnectionContext discover(Integration integration, FlowValues values);

  /**
   * Sends the {@code prepare} request: pushed authorization (RFC 9126), device authorization (RFC
   * 8628).
   *
   * @param dpopKey proves possession (RFC 9449); null without
   * @return the answer as JSON values
   * @throws CallFailedException where there is no usable answer
   * @throws RenderingException as rendering does
   */
  Map<String, @Nullable Object> prepare(
      Integration integration, FlowValues values, @Nullable Secret dpopKey);

  /**
   * Tells the provider that a grant is over (RFC 7009, or the provider's own way), once.
   *
   * @return why it did not work; empty where it did, or the definition has no {@code revoke}
   */
  Optional<String> revoke(Integration integration, FlowValues values, @Nullable Secret dpopKey);

  /** A new key for one connection: an EC key as a private JWK. */
  Secret newDpopKey();

  /** A call brought nothing usable. The message is fit to be shown and logged. */
  final class CallFailedException extends RuntimeException {
    public CallFailedException(String message) {
      super(message);
    }
  }
}
