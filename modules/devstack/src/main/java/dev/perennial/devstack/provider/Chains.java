package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.Use.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one can know of a provider's grants by standing before its token endpoint: codes and refresh
 * tokens as they come by, known again by their SHA-256, and which of them led to which. Keeps no
 * secret. Thread-safe.
 */
final class Chains implements Register {
  private static final String NO_GRANT = "invalid_grant";

  private final String provider;
  private final Duration reuseWindow;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Map<String, Grant> grants = new LinkedHashMap<>();
  private final Map<String, Token> codes = new HashMap<>();
  private final Map<String, Token> refreshTokens = new HashMap<>();

  private static final class Grant {
    final String name;
    String newest = "";
    @Nullable Revocation revocation;
    @Nullable Instant revokedAt;

    Grant(String name) {
      this.name = name;
    }
  }

  private static final class Token {
    final String name;
    final Grant grant;
    @Nullable Instant spentAt;

    Token(String name, Grant grant) {
      this.name = name;
      this.grant = grant;
    }
  }

  /**
   * What a granted request led to.
   *
   * @param issued name of the refresh token in the answer, or empty
   */
  record Step(String issued, boolean spends, Instant reusableUntil) {}

  /**
   * @param reuseWindow how long after its first use the provider lets a spent refresh token be
   *     repeated; zero for never
   */
  Chains(String provider, Duration reuseWindow, Ledger ledger, InstantSource clock) {
    this.provider = provider;
    this.reuseWindow = reuseWindow;
    this.ledger = ledger;
    this.clock = clock;
    ledger.keeps(this);
  }

  /** The names of what is presented; what was never seen before begins a grant of its own. */
  synchronized Names presented(Kind kind, String value) {
    if (value.isEmpty() || !kind.isGranted()) {
      return Names.UNKNOWN;
    }
    Token token = token(kind, value);
    return new Names(token.name, token.grant.name);
  }

  private Token token(Kind kind, String value) {
    String fingerprint = fingerprint(value);
    Token known = (kind == Kind.CODE ? codes : refreshTokens).get(fingerprint);
    if (known != null) {
      return known;
    }
    Grant grant = new Grant(provider + "-" + (grants.size() + 1));
    grants.put(grant.name, grant);
    return kind == Kind.CODE ? newCode(fingerprint, grant) : newRefreshToken(fingerprint, grant);
  }

  private Token newCode(String fingerprint, Grant grant) {
    Token code = new Token(provider + "-code-" + (codes.size() + 1), grant);
    codes.put(fingerprint, code);
    ledger.codeIssued();
    return code;
  }

  private Token newRefreshToken(String fingerprint, Grant grant) {
    String name = provider + "-refresh-token-" + (refreshTokens.size() + 1);
    Token made = new Token(name, grant);
    refreshTokens.put(fingerprint, made);
    grant.newest = name;
    return made;
  }

  /**
   * @param refreshToken of the answer, or null
   * @param sentAt when the request was passed on
   */
  synchronized Step granted(
      Kind kind, String presented, @Nullable String refreshToken, Instant sentAt) {
    if (presented.isEmpty() || !kind.isGranted()) {
      return new Step("", false, Instant.MIN);
    }
    Token spent = token(kind, presented);
    Token issued = refreshToken == null ? null : issued(refreshToken, spent.grant);
    if (issued != null && !issued.equals(spent) && spent.spentAt == null) {
      spent.spentAt = sentAt;
    }
    String name = issued == null ? "" : issued.name;
    return kind == Kind.CODE
        ? new Step(name, true, Instant.MIN)
        : new Step(name, spent.spentAt != null, reusableUntil(spent.spentAt));
  }

  private Token issued(String refreshToken, Grant grant) {
    String fingerprint = fingerprint(refreshToken);
    Token known = refreshTokens.get(fingerprint);
    return known == null ? newRefreshToken(fingerprint, grant) : known;
  }

  private Instant reusableUntil(@Nullable Instant spentAt) {
    return spentAt == null || reuseWindow.isZero() ? Instant.MIN : spentAt.plus(reuseWindow);
  }

  /**
   * @param error code of RFC 6749, section 5.2, or whatever was said
   */
  synchronized void refused(Kind kind, String presented, String error) {
    if (kind != Kind.REFRESH_TOKEN || presented.isEmpty() || !error.equals(NO_GRANT)) {
      return;
    }
    Token token = token(kind, presented);
    if (token.name.equals(token.grant.newest) && token.grant.revocation == null) {
      token.grant.revocation = Revocation.REFUSED;
      token.grant.revokedAt = clock.instant();
    }
  }

  @Override
  public synchronized Names names(String presented) {
    String fingerprint = fingerprint(presented);
    Token code = codes.get(fingerprint);
    Token token = code == null ? refreshTokens.get(fingerprint) : code;
    return token == null ? Names.UNKNOWN : new Names(token.name, token.grant.name);
  }

  @Override
  public synchronized boolean isCurrent(String refreshToken) {
    Token token = refreshTokens.get(fingerprint(refreshToken));
    return token != null && token.grant.revocation == null && token.name.equals(token.grant.newest);
  }

  @Override
  public synchronized List<GrantState> grants() {
    return grants.values().stream().map(this::state).toList();
  }

  private GrantState state(Grant grant) {
    return new GrantState(provider, grant.name, grant.newest, grant.revocation, grant.revokedAt);
  }

  private static String fingerprint(String value) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
