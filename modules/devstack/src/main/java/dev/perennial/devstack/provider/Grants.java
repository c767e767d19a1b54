package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.Granting.Granted;
import dev.perennial.devstack.provider.Granting.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one provider has granted: codes, refresh tokens, access tokens, and the rules by which one
 * becomes another. Decides, and knows nothing of HTTP. Thread-safe: one decision at a time, and the
 * ledger's order is taken inside it.
 */
final class Grants implements Register {

  /** What a consent asked for; the code can be redeemed only by who knows the same. */
  record Asked(
      String scope, String redirectUri, @Nullable String challenge, @Nullable String method) {}

  private static final class Grant {
    final String name;
    final String scope;
    String newest = "";
    @Nullable Revocation revocation;
    @Nullable Instant revokedAt;

    Grant(String name, String scope) {
      this.name = name;
      this.scope = scope;
    }

    boolean isRevoked() {
      return revocation != null;
    }

    void revoke(Revocation why, Instant now) {
      if (revocation == null) {
        revocation = why;
        revokedAt = now;
      }
    }
  }

  private static final class Code {
    final String name;
    final Grant grant;
    final Asked asked;
    final Instant expiresAt;
    boolean used;

    Code(String name, Grant grant, Asked asked, Instant expiresAt) {
      this.name = name;
      this.grant = grant;
      this.asked = asked;
      this.expiresAt = expiresAt;
    }
  }

  private static final class RefreshToken {
    final String name;
    final String value;
    final Grant grant;
    @Nullable Instant spentAt;
    @Nullable RefreshToken successor;

    RefreshToken(String name, String value, Grant grant) {
      this.name = name;
      this.value = value;
      this.grant = grant;
    }
  }

  private record AccessToken(Grant grant, Instant expiresAt) {}

  private final ProviderProfile profile;
  private final Ledger ledger;
  private final Mint mint;
  private final InstantSource clock;
  private final Map<String, Grant> grants = new LinkedHashMap<>();
  private final Map<String, Code> codes = new HashMap<>();
  private final Map<String, RefreshToken> refreshTokens = new HashMap<>();
  private final Map<String, AccessToken> accessTokens = new HashMap<>();

  Grants(ProviderProfile profile, Ledger ledger, Mint mint, InstantSource clock) {
    this.profile = profile;
    this.ledger = ledger;
    this.mint = mint;
    this.clock = clock;
    ledger.keeps(this);
  }

  /** A consent was given: its code. */
  synchronized String consent(Asked asked) {
    String value = mint.next(Mint.CODE);
    String name = profile.name + "-code-" + (codes.size() + 1);
    Instant expiresAt = clock.instant().plus(profile.codeLife);
    codes.put(value, new Code(name, newGrant(asked.scope()), asked, expiresAt));
    ledger.codeIssued();
    return value;
  }

  /** A consent whose code was redeemed elsewhere: its refresh token. */
  synchronized String handOut(String scope) {
    return newRefreshToken(newGrant(scope)).value;
  }

  private Grant newGrant(String scope) {
    Grant grant = new Grant(profile.name + "-" + (grants.size() + 1), scope);
    grants.put(grant.name, grant);
    return grant;
  }

  /** RFC 6749, section 4.1.3; a replay ends what the code had brought (4.1.2). */
  synchronized Granting redeem(
      String value, @Nullable String redirectUri, @Nullable String verifier) {
    Code code = codes.get(value);
    if (code == null) {
      return refused("the code is unknown");
    }
    if (code.used) {
      code.grant.revoke(Revocation.CODE_REPLAYED, clock.instant());
      return refused("the code was used before");
    }
    code.used = true;
    if (!clock.instant().isBefore(code.expiresAt) || code.grant.isRevoked()) {
      return refused("the code is over");
    }
    if (!isSameRedirect(code.asked.redirectUri(), redirectUri)) {
      return refused("redirect_uri is not that of the consent");
    }
    if (!proves(code.asked, verifier)) {
      return refused("code_verifier does not fit the challenge");
    }
    RefreshToken first = profile.refreshTokenIssued ? newRefreshToken(code.grant) : null;
    return granted(code.grant, first, true, Instant.MIN);
  }

  private boolean isSameRedirect(String asked, @Nullable String sent) {
    return sent == null ? !profile.redirectUriRequired : sent.equals(asked);
  }

  private static boolean proves(Asked asked, @Nullable String verifier) {
    if (asked.challenge() == null) {
      return true;
    }
    return verifier != null && asked.challenge().equals(challenge(asked.method(), verifier));
  }

  private static String challenge(@Nullable String method, String verifier) {
    if (!"S256".equals(method)) {
      return verifier;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** RFC 6749, section 6, by the profile's rotation. */
  synchronized Granting refresh(String value) {
    RefreshToken token = refreshTokens.get(value);
    if (token == null) {
      return refused("the refresh token is unknown");
    }
    if (token.grant.isRevoked()) {
      return refused("the grant was revoked");
    }
    if (!profile.rotation.rotates()) {
      RefreshToken repeated = profile.refreshTokenRepeated ? token : null;
      return granted(token.grant, repeated, false, Instant.MIN);
    }
    return token.spentAt == null ? rotate(token) : repeat(token, token.spentAt);
  }

  private Granting rotate(RefreshToken token) {
    Instant now = clock.instant();
    token.spentAt = now;
    token.successor = newRefreshToken(token.grant);
    return granted(token.grant, token.successor, true, reusableUntil(now));
  }

  private Instant reusableUntil(Instant spentAt) {
    Duration window = profile.rotation.reuseWindow();
    return window.isZero() ? Instant.MIN : spentAt.plus(window);
  }

  private Granting repeat(RefreshToken token, Instant spentAt) {
    RefreshToken successor = token.successor;
    if (successor != null && profile.rotation.isReusable(spentAt, clock.instant())) {
      return granted(token.grant, successor, true, reusableUntil(spentAt));
    }
    token.grant.revoke(Revocation.REFRESH_TOKEN_REPLAYED, clock.instant());
    return refused("the refresh token was used before; the grant is revoked");
  }

  /** RFC 6749, section 4.4. */
  synchronized Granting clientCredentials(String scope) {
    return granted(newGrant(scope), null, false, Instant.MIN);
  }

  /** The grant behind an access token that is good now, or null. */
  synchronized @Nullable String grantOf(String accessToken) {
    AccessToken token = accessTokens.get(accessToken);
    if (token == null || token.grant.isRevoked() || !clock.instant().isBefore(token.expiresAt)) {
      return null;
    }
    return token.grant.name;
  }

  /** RFC 7009: whatever token it is, the whole grant ends. An unknown one is no error. */
  synchronized void revoke(String token) {
    RefreshToken refresh = refreshTokens.get(token);
    AccessToken access = accessTokens.get(token);
    if (refresh != null) {
      refresh.grant.revoke(Revocation.REQUESTED, clock.instant());
    }
    if (access != null) {
      access.grant.revoke(Revocation.REQUESTED, clock.instant());
    }
  }

  /** The user took everything back in the provider's own settings. */
  synchronized void revokeAll() {
    Instant now = clock.instant();
    grants.values().forEach(grant -> grant.revoke(Revocation.TAKEN_BACK, now));
  }

  @Override
  public synchronized boolean isCurrent(String refreshToken) {
    RefreshToken token = refreshTokens.get(refreshToken);
    return token != null && !token.grant.isRevoked() && token.grant.newest.equals(token.name);
  }

  @Override
  public synchronized List<GrantState> grants() {
    return grants.values().stream().map(this::state).toList();
  }

  private GrantState state(Grant grant) {
    return new GrantState(
        profile.name, grant.name, grant.newest, grant.revocation, grant.revokedAt);
  }

  @Override
  public synchronized Names names(String presented) {
    Code code = codes.get(presented);
    if (code != null) {
      return new Names(code.name, code.grant.name);
    }
    RefreshToken token = refreshTokens.get(presented);
    return token == null ? Names.UNKNOWN : new Names(token.name, token.grant.name);
  }

  private RefreshToken newRefreshToken(Grant grant) {
    String name = profile.name + "-refresh-token-" + (refreshTokens.size() + 1);
    RefreshToken made = new RefreshToken(name, mint.next(Mint.REFRESH_TOKEN), grant);
    refreshTokens.put(made.value, made);
    grant.newest = name;
    return made;
  }

  private Granted granted(
      Grant grant, @Nullable RefreshToken said, boolean spends, Instant reusableUntil) {
    String access = mint.next(Mint.ACCESS_TOKEN);
    accessTokens.put(access, new AccessToken(grant, clock.instant().plus(profile.accessTokenLife)));
    return new Granted(
        ledger.nextOrder(),
        grant.name,
        grant.scope,
        access,
        said == null ? null : said.value,
        said == null ? "" : said.name,
        spends,
        reusableUntil);
  }

  private Refused refused(String why) {
    return new Refused(ledger.nextOrder(), "invalid_grant", why);
  }
}
