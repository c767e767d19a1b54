package dev.perennial.event;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Sealer.Purpose;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.credential.TokenResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The things that travel sealed, as JSON inside the seal. Each has its own purpose, so that none
 * can be passed off as another. As thread-safe as its sealer.
 *
 * <p>Every {@code open} method throws {@link UnsealableException} where the sealer does, or where
 * what comes out is not what this class once put in.
 */
public final class SealedPayloads {
  private final Sealer sealer;

  public SealedPayloads(Sealer sealer) {
    this.sealer = sealer;
  }

  /** Every value of the response keeps its JSON type and its number. */
  public Sealed seal(ConnectionKey key, TokenResponse tokens) {
    return sealer.seal(key, Purpose.CREDENTIAL, JsonObjects.write(tokens.values()));
  }

  public TokenResponse openTokens(ConnectionKey key, Sealed sealed) {
    return new TokenResponse(object(key, Purpose.CREDENTIAL, sealed));
  }

  public Sealed seal(ConnectionKey key, AuthorizationCode code) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("code", reveal(code.code()));
    object.put("code_verifier", reveal(code.codeVerifier()));
    object.put("redirect_parameters", code.redirectParameters());
    object.put("preparation", object(code.preparation()));
    return sealer.seal(key, Purpose.AUTHORIZATION_CODE, JsonObjects.write(object));
  }

  public AuthorizationCode openCode(ConnectionKey key, Sealed sealed) {
    Map<String, @Nullable Object> object = object(key, Purpose.AUTHORIZATION_CODE, sealed);
    return fit(key, Purpose.AUTHORIZATION_CODE, () -> code(object));
  }

  private static AuthorizationCode code(Map<String, @Nullable Object> object) {
    Members members = new Members(object);
    return new AuthorizationCode(
        secretOrNull(members, "code"),
        secretOrNull(members, "code_verifier"),
        members.texts("redirect_parameters"),
        preparation(members));
  }

  public Sealed seal(PendingAuthorization pending) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("id", pending.id());
    object.put("browser", pending.browser().reveal());
    object.put("code_verifier", reveal(pending.codeVerifier()));
    object.put("return_to", pending.returnTo());
    object.put("opener", pending.opener());
    object.put("session", reveal(pending.session()));
    object.put("preparation", object(pending.preparation()));
    return sealer.seal(pending.key(), Purpose.PENDING_AUTHORIZATION, JsonObjects.write(object));
  }

  public PendingAuthorization openPending(ConnectionKey key, Sealed sealed) {
    Map<String, @Nullable Object> object = object(key, Purpose.PENDING_AUTHORIZATION, sealed);
    return fit(key, Purpose.PENDING_AUTHORIZATION, () -> pending(key, object));
  }

  private static PendingAuthorization pending(
      ConnectionKey key, Map<String, @Nullable Object> object) {
    Members members = new Members(object);
    return new PendingAuthorization(
        key,
        members.text("id"),
        Secret.of(members.text("browser")),
        secretOrNull(members, "code_verifier"),
        members.textOrNull("return_to"),
        members.textOrNull("opener"),
        secretOrNull(members, "session"),
        preparation(members));
  }

  public Sealed seal(ConnectSession session) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("return_to", session.returnTo());
    object.put("variables", session.variables());
    object.put("scopes", session.scopes());
    return sealer.seal(session.key(), Purpose.CONNECT_SESSION, JsonObjects.write(object));
  }

  public ConnectSession openSession(ConnectionKey key, Sealed sealed) {
    Map<String, @Nullable Object> object = object(key, Purpose.CONNECT_SESSION, sealed);
    return fit(
        key,
        Purpose.CONNECT_SESSION,
        () -> {
          Members members = new Members(object);
          return new ConnectSession(
              key,
              members.textOrNull("return_to"),
              members.texts("variables"),
              members.listOrEmpty("scopes"));
        });
  }

  private static Map<String, @Nullable Object> object(Preparation preparation) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("variables", preparation.variables());
    object.put("scopes", preparation.scopes());
    object.put("prepared", preparation.prepared());
    object.put("issuer", preparation.issuer());
    object.put("issuer_stated", preparation.issuerStated());
    object.put("dpop_key", reveal(preparation.dpopKey()));
    return object;
  }

  /** What was sealed by an earlier release has none. */
  private static Preparation preparation(Members members) {
    Map<String, @Nullable Object> object = members.objectOrEmpty("preparation");
    if (object.isEmpty()) {
      return Preparation.NONE;
    }
    Members preparation = new Members(object);
    return new Preparation(
        preparation.texts("variables"),
        preparation.listOrEmpty("scopes"),
        preparation.objectOrEmpty("prepared"),
        preparation.textOrNull("issuer"),
        preparation.flag("issuer_stated"),
        secretOrNull(preparation, "dpop_key"));
  }

  private Map<String, @Nullable Object> object(ConnectionKey key, Purpose purpose, Sealed sealed) {
    try {
      return JsonObjects.read(sealer.open(key, purpose, sealed));
    } catch (MalformedJsonException e) {
      throw foreign(key, purpose, e);
    }
  }

  private static <T> T fit(ConnectionKey key, Purpose purpose, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Members.Unfit e) {
      throw foreign(key, purpose, e);
    }
  }

  private static UnsealableException foreign(ConnectionKey key, Purpose purpose, Exception cause) {
    return new UnsealableException(
        key
            + ": opened, but what is sealed as "
            + purpose
            + " is something else: "
            + cause.getMessage(),
        cause);
  }

  private static @Nullable String reveal(@Nullable Secret secret) {
    return secret == null ? null : secret.reveal();
  }

  private static @Nullable Secret secretOrNull(Members members, String name) {
    String text = members.textOrNull(name);
    return text == null ? null : Secret.of(text);
  }
}
