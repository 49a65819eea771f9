// Package ual reads the databases of User Access Logging, Windows/System32/LogFiles/Sum: who
// used which role of a server, from which address, and how often on which day. It is on by
// default since Windows Server 2012, and Windows keeps it for up to three years: it may
// have the address of a logon long after the Security log rolled over.
//
// # Databases
//
//	Current.mdb         this year
//	{GUID}.mdb          a copy of Current.mdb, which Windows makes each day, and one for
//	                    each of the last two years
//	SystemIdentity.mdb  the roles, the machine, and which of the copies is of which year
//
// Windows holds Current.mdb open, so it is often dirty, and a copy has the same rows up to
// the day before.
//
// # Times
//
// [Client.First] and [Client.Last] have 100 ns, and are in UTC. A [Day] counts from
// midnight UTC, as far as is known: Microsoft does not document it. An address is that of
// the peer, which may be a proxy, a gateway or a load balancer. An access is a use of the
// role, such as a session of a file server, and not more: no file, and no success of a
// logon, is recorded.
//
// # Damage and security
//
// See package ese, whose errors and problems these are. The names of accounts and hosts are
// texts that an attacker may have written: whoever shows them must escape them.
package ual
