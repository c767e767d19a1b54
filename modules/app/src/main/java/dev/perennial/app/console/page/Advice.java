package dev.perennial.app.console.page;

import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import org.jspecify.annotations.Nullable;

/**
 * How a connection stands, in plain words, and what to do next.
 *
 * @param meaning of the status
 * @param because of the reason; empty where there is none
 * @param next what to do; empty where nothing is to be done
 */
public record Advice(String meaning, String because, String next) {

  public static Advice of(Status status, @Nullable Reason reason, boolean renewable) {
    String because = reason == null ? "" : because(reason.code());
    return switch (status) {
      case ACTIVE ->
          new Advice(
              renewable
                  ? "The token is good, and it is renewed before it ends."
                  : "The token is good. Nothing renews it.",
              because,
              "");
      case REFRESH_FAILING ->
          new Advice(
              "The last refresh failed. It is tried again, with growing pauses.",
              because,
              reason == null ? "Wait for the next try." : next(reason.code()));
      case REAUTHORIZATION_REQUIRED ->
          new Advice(
              "No refresh can help any more: only a new consent does.",
              because,
              "Make a reconnect link and send it to whoever gave the consent.");
      case EXPIRED ->
          new Advice(
              "The token has ended, and nothing can renew it.",
              because,
              "Make a reconnect link and send it to whoever gave the consent.");
      case DELETED ->
          new Advice(
              "The tokens were forgotten.", because, "A new consent brings the connection back.");
    };
  }

  /** What a reason's code says happened. */
  static String because(String code) {
    return switch (code) {
      case Reason.DECLINED -> "The consent was declined.";
      case Reason.REFUSED -> "The provider refused the refresh token: revoked, ended, or replaced.";
      case Reason.THROTTLED -> "The provider says there are too many requests.";
      case Reason.UNAVAILABLE -> "The provider has an outage of its own.";
      case Reason.MISCONFIGURED -> "The provider does not accept our request as it is.";
      case Reason.NOT_SENT -> "The request could not be sent to the provider.";
      case Reason.NO_ANSWER -> "The provider did not answer in time.";
      case Reason.UNREADABLE_ANSWER -> "The provider’s answer cannot be read.";
      case Reason.OUTCOME_UNKNOWN ->
          "A refresh was cut short, and whether the provider took it is not known.";
      case Reason.KEY_LOST -> "The key that its tokens were sealed with is lost.";
      case Reason.SUPERSEDED -> "Something newer took its place.";
      default -> "The reason is “" + code + "”.";
    };
  }

  private static String next(String code) {
    return switch (code) {
      case Reason.MISCONFIGURED ->
          "Look at the integration: its definition, client id and secret, as the provider has"
              + " them.";
      case Reason.UNREADABLE_ANSWER ->
          "Look at the integration: its definition may not describe what the provider answers.";
      case Reason.NOT_SENT, Reason.NO_ANSWER ->
          "Wait for the next try. If it stays so, see whether the provider can be reached from"
              + " here.";
      case Reason.REFUSED -> "If the next try is refused too, make a reconnect link.";
      default -> "Wait for the next try; nothing is lost while the token is still good.";
    };
  }
}
