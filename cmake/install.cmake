# Everything that `cmake --install` puts in place besides the programs.

set(PIPED_ETC ${CMAKE_INSTALL_SYSCONFDIR}/piped)
install(FILES etc/piped.yaml DESTINATION ${PIPED_ETC})
foreach(part sources taxonomy rules words)
	file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/etc/${part}/*.yaml
		${CMAKE_SOURCE_DIR}/etc/${part}/*.txt)
	# The test market's sources are of use only beside the market.
	list(FILTER files EXCLUDE REGEX "market-[a-z]+\\.yaml$")
	install(FILES ${files} DESTINATION ${PIPED_ETC}/${part})
endforeach()

# systemd looks in its own places, not under every prefix.
set(PIPED_UNIT_DIR "lib/systemd/system" CACHE STRING "Where the systemd unit goes, below the prefix")
configure_file(etc/systemd/piped.service.in ${CMAKE_BINARY_DIR}/piped.service @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/piped.service DESTINATION ${PIPED_UNIT_DIR})
install(FILES etc/systemd/piped.sysusers DESTINATION lib/sysusers.d RENAME piped.conf)

# Pages and completion that the programs write from their own tables.
set(made ${CMAKE_BINARY_DIR}/made)
file(MAKE_DIRECTORY ${made})
add_custom_command(OUTPUT ${made}/pipectl.1 ${made}/pipectl.bash ${made}/piped.8 ${made}/piped.yaml.5
	COMMAND pipectl_program help --format mdoc > ${made}/pipectl.1
	COMMAND pipectl_program help --format bash > ${made}/pipectl.bash
	COMMAND piped --manual 8 > ${made}/piped.8
	COMMAND piped --manual 5 > ${made}/piped.yaml.5
	DEPENDS pipectl_program piped VERBATIM)
add_custom_target(manuals ALL
	DEPENDS ${made}/pipectl.1 ${made}/pipectl.bash ${made}/piped.8 ${made}/piped.yaml.5)
install(FILES ${made}/pipectl.1 ${CMAKE_SOURCE_DIR}/docs/man/pipeclass.1
	DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${made}/piped.yaml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES ${made}/piped.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES ${made}/pipectl.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
	RENAME pipectl)

# The classifier is a library that others may link.
install(TARGETS pipeclass_shared LIBRARY)
install(FILES classifier/classifier.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/piped/classifier)
install(FILES base/buf.h base/err.h base/str.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/piped/base)
configure_file(classifier/pipeclass.pc.in ${CMAKE_BINARY_DIR}/pipeclass.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/pipeclass.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
