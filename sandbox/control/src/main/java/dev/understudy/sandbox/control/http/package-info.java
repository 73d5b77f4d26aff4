/**
 * The host's {@code http} for guests: requests to granted hosts only, to addresses that were checked before connecting.
 *
 * <p>Start at {@link dev.understudy.sandbox.control.http.GuestHttp}; {@code Url} and {@code Addresses} decide what is
 * refused. Nothing here knows cells or languages, and nothing takes proxies, cookies or passwords from the host.
 */
@NullMarked
package dev.understudy.sandbox.control.http;

import org.jspecify.annotations.NullMarked;
